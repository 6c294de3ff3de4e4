// The rules of ECMA-419 for a stream, on a TLS socket: the server sends everything back.

import TCP from "embedded:io/socket/tcp";
import type { StreamIo } from "polltls/moddable/io-types";
import { TlsSocket } from "polltls/moddable/tls-socket";
import { fileOf } from "test/sdk/support";
import { bytesOf, equal, Probe, type Scenarios, server, sleep, textOf, throws, trusted } from "./scenario.js";

async function opened(): Promise<Probe> {
	const probe = new Probe(trusted());
	await probe.told("writable");
	return probe;
}

function close(probe: Probe): void {
	probe.call((socket) => socket.close());
	equal(probe.broken, false, "called back from inside a call, or with another this");
}

export const rules: Scenarios = {
	"nothing is called back from inside the constructor, a method or close, nor after it": async () => {
		const probe = await opened();
		probe.call((socket) => socket.write(bytesOf("hello")));
		equal(await probe.receive(5), "hello");
		probe.call((socket) => socket.write(bytesOf("again")));
		close(probe);
		probe.news.length = 0;
		await sleep(100);
		equal(probe.news.length, 0, "told after close");
		equal(probe.broken, false);
	},
	"close while connecting and in a handshake": async () => {
		for (let delay = 0; delay < 30; delay++) {
			const probe = new Probe(trusted());
			if (delay > 0) await sleep(delay);
			close(probe);
			close(probe); // twice is once
			probe.news.length = 0;
			if (delay % 10 === 9) await sleep(60);
			equal(probe.news.length, 0, `told after close, ${delay} ms`);
		}
	},
	"close in a callback": async () => {
		const probe = new Probe(trusted());
		probe.onNews = () => probe.socket.close();
		await probe.told("writable");
		probe.socket.close();
		await sleep(50);
		equal(probe.news.length, 0);
	},
	"write is all or nothing, and answers what is left; onWritable tells when it is whole again": async () => {
		const probe = new Probe(trusted());
		const whole = Number((await probe.told("writable")).split(" ")[1]);
		equal(whole >= 1024, true, `${whole} bytes writable`);
		throws(() => probe.call((socket) => socket.write(new Uint8Array(whole + 1))), "RangeError");
		equal(
			probe.call((socket) => socket.write(bytesOf("abc"))),
			whole - 3,
		);
		equal(await probe.receive(3), "abc");
		equal(await probe.told("writable"), `writable ${whole}`);
		equal(
			probe.call((socket) => socket.write(new Uint8Array(whole).fill(65))),
			0,
		);
		throws(() => probe.call((socket) => socket.write(bytesOf("x"))), "RangeError");
		equal((await probe.receive(whole)).length, whole);
		close(probe);
	},
	"more: parts go into one record": async () => {
		const probe = await opened();
		const before = probe.socket.connection?.report().recordsOut ?? 0;
		probe.call((socket) => {
			socket.write(bytesOf("one "), { more: true });
			socket.write(bytesOf("two "), { more: true });
			socket.write(bytesOf("three"));
		});
		equal(await probe.receive(13), "one two three");
		equal((probe.socket.connection?.report().recordsOut ?? 0) - before, 1, "records");
		close(probe);
	},
	"what was written goes out before close": async () => {
		for (let round = 0; round < 5; round++) {
			const probe = await opened();
			probe.call((socket) => socket.write(bytesOf(`last words ${round}\n`), { more: round % 2 === 1 }));
			close(probe);
		}
		const probe = await opened(); // the server tells what all of them said
		probe.call((socket) => socket.write(bytesOf("?")));
		const text = await probe.receive(5 * 13 + 1);
		for (let round = 0; round < 5; round++) equal(text.includes(`last words ${round}\n`), true, `round ${round}: ${text}`);
		close(probe);
	},
	"read: all, some, into a buffer, into a view, and nothing": async () => {
		const probe = await opened();
		equal(
			probe.call((socket) => socket.read()),
			undefined,
		);
		probe.call((socket) => socket.write(bytesOf("0123456789abcdef")));
		equal(await probe.told("readable"), "readable 16");
		equal(textOf(probe.call((socket) => socket.read(4))), "0123");
		const buffer = new ArrayBuffer(3);
		equal(
			probe.call((socket) => socket.read(buffer)),
			3,
		);
		equal(textOf(buffer), "456");
		const view = new DataView(new ArrayBuffer(6), 2, 2);
		equal(
			probe.call((socket) => socket.read(view)),
			2,
		);
		equal(textOf(view.buffer.slice(2, 4)), "78");
		const large = new Uint8Array(100);
		equal(
			probe.call((socket) => socket.read(large)),
			7,
		);
		equal(textOf(large.slice(0, 7).buffer), "9abcdef");
		equal(
			probe.call((socket) => socket.read(5)),
			undefined,
		);
		close(probe);
	},
	"format number: a byte each, and back to buffer in the middle": async () => {
		const probe = await opened();
		equal(probe.socket.format, "buffer");
		throws(() => {
			probe.socket.format = "string";
		}, "RangeError");
		probe.call((socket) => socket.write(bytesOf("AB:rest")));
		await probe.told("readable");
		probe.socket.format = "number";
		equal(probe.call((socket) => socket.read()) as number, 65);
		equal(probe.call((socket) => socket.read()) as number, 66);
		equal(probe.call((socket) => socket.read()) as number, 58);
		probe.socket.format = "buffer";
		equal(textOf(probe.call((socket) => socket.read())), "rest");
		close(probe);
		const number = new Probe({ ...trusted(), format: "number" });
		await number.told("writable");
		number.call((socket) => socket.write(90));
		await number.told("readable");
		equal(number.call((socket) => socket.read()) as number, 90);
		close(number);
	},
	"what isn't read waits, and holds the rest back": async () => {
		const probe = await opened();
		for (let i = 0; i < 3; i++) {
			probe.call((socket) => socket.write(bytesOf(`part ${i};`)));
			await probe.told("writable");
		}
		await sleep(100);
		equal(await probe.receive(21), "part 0;part 1;part 2;");
		close(probe);
	},
	"from: another socket of the same class takes over": async () => {
		const first = await opened();
		first.call((socket) => socket.write(bytesOf("for the second")));
		await first.told("readable");
		first.news.length = 0;
		const Class = first.socket.constructor as typeof TlsSocket;
		equal(Class, TlsSocket);
		const second = new Probe({ from: first.socket as unknown as StreamIo });
		throws(() => first.socket.write(bytesOf("x")), "Error");
		equal(first.socket.read(), undefined);
		equal(await second.receive(14), "for the second");
		await second.told("writable");
		second.call((socket) => socket.write(bytesOf("still open")));
		equal(await second.receive(10), "still open");
		equal(first.news.length, 0, "the first one was told");
		throws(() => new TlsSocket({ from: first.socket as unknown as StreamIo }), "Error");
		close(second);
	},
	"from: TLS on a TCP socket that is open already": async () => {
		const { address, port } = server();
		const tcp = await new Promise<TCP>((resolve) => {
			const socket = new TCP({ address: address ?? "", port: port ?? 0, onWritable: () => resolve(socket) });
		});
		const probe = new Probe({ from: tcp as unknown as StreamIo, host: "localhost", tls: { ca: fileOf("CA") } });
		await probe.told("writable");
		probe.call((socket) => socket.write(bytesOf("upgraded")));
		equal(await probe.receive(8), "upgraded");
		equal(probe.socket.remoteAddress, "127.0.0.1");
		equal(probe.socket.remotePort, port);
		close(probe);
	},
	"frozen options, target, and callbacks that aren't there": async () => {
		const target = { name: "target" };
		const socket = new TlsSocket(Object.freeze({ ...trusted(), tls: Object.freeze({ ca: fileOf("CA") }), target }));
		equal(socket.target, target);
		await sleep(100);
		equal(socket.connection?.state, 2, "it opens all the same");
		socket.close();
		equal(socket.read(), undefined);
		throws(() => socket.write(bytesOf("x")), "Error");
	},
	"the peer's end comes after its data": async () => {
		const probe = await opened();
		probe.call((socket) => socket.write(bytesOf("bye!")));
		await probe.told("readable");
		await sleep(50);
		equal(probe.news.includes("ended"), false, "told before the data was read");
		equal(await probe.receive(4), "bye!");
		equal(await probe.told("ended"), "ended");
		close(probe);
	},
	"a connection that is cut off": async () => {
		const probe = await opened();
		probe.call((socket) => socket.write(bytesOf("cut!")));
		equal((await probe.told("failed")).startsWith("failed"), true);
		equal(probe.error?.name, "TlsError");
		close(probe);
	},
	"nobody listens": async () => {
		const probe = new Probe({ ...trusted(), port: 1 });
		await probe.told("failed");
		close(probe);
	},
};
