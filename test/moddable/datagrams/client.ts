// A DTLS socket as a client: what it tells, its options, sessions. The server sends every datagram back.

import { DtlsSocket } from "polltls/moddable/dtls-socket";
import { fileOf } from "test/sdk/support";
import { bytesOf, equal, type Scenarios, sleep, textOf, throws } from "test/socket/scenario";
import { opened, Probe, psks, server, trusted } from "./probe.js";

const TLS_PSK_WITH_AES_128_CCM_8 = 0xc0a8;

/** What the server says about the connection. */
async function describe(options: Parameters<typeof opened>[0]): Promise<Record<string, unknown>> {
	const probe = await opened(options);
	const answer = JSON.parse(await probe.ask("#"));
	probe.close();
	return answer;
}

export const client: Scenarios = {
	"certificates, both versions, DER and PEM": async () => {
		equal((await describe(trusted())).version, "DTLS 1.3");
		equal((await describe(trusted({ ca: fileOf("CA_DER"), maximumVersion: "DTLSv1.2" }))).version, "DTLS 1.2");
		equal((await describe(trusted({ applicationLayerProtocol: "coap" }))).alpn, "coap");
		const own = { clientCertificate: fileOf("CLIENT_CERTIFICATE"), clientKey: fileOf("CLIENT_KEY") };
		for (const maximumVersion of ["DTLSv1.3", "DTLSv1.2"]) equal((await describe(trusted({ ...own, maximumVersion, resume: false }))).client, true);
	},
	"pre-shared keys, both versions": async () => {
		for (const maximumVersion of ["DTLSv1.3", "DTLSv1.2"]) {
			const suites = maximumVersion === "DTLSv1.3" ? undefined : [TLS_PSK_WITH_AES_128_CCM_8]; // the server has certificates, too
			const answer = await describe({ ...server(), dtls: { ca: [], psks: psks(), suites, maximumVersion } });
			equal(answer.psk, "sensor-1", maximumVersion);
			equal(answer.version, maximumVersion.replace("DTLSv", "DTLS "));
		}
	},
	"connection ids": async () => {
		for (const maximumVersion of ["DTLSv1.3", "DTLSv1.2"]) {
			equal((await describe(trusted({ connectionIdLength: 3, maximumVersion, resume: false }))).id, 5, maximumVersion);
			equal((await describe(trusted({ maximumVersion, resume: false }))).id, -1, maximumVersion);
		}
	},
	"a server that isn't trusted, or is somebody else": async () => {
		const other = new Probe(trusted({ ca: fileOf("OTHER_CA") }));
		await other.told("failed");
		equal(other.error?.alert, 48, "unknown_ca");
		other.close();
		const elsewhere = new Probe(trusted({ host: "elsewhere.example" }));
		await elsewhere.told("failed");
		equal(elsewhere.error?.alert, 42, "bad_certificate");
		elsewhere.close();
	},
	"sessions are resumed, in the version and protocol they were made in": async () => {
		for (const maximumVersion of ["DTLSv1.3", "DTLSv1.2"]) {
			equal((await describe(trusted({ maximumVersion, resume: false }))).resumed, false, "resume: false");
			await describe(trusted({ maximumVersion }));
			await describe(trusted({ maximumVersion }));
			equal((await describe(trusted({ maximumVersion }))).resumed, true, maximumVersion);
		}
	},
	"each datagram is told of, and stays one": async () => {
		const probe = await opened(trusted());
		probe.call((socket) => socket.write(bytesOf("three!")));
		for (const each of ["one", "two", "three"]) equal(await probe.receive(), each);
		equal(
			probe.call((socket) => socket.read()),
			undefined,
		);
		probe.close();
	},
	"read: with its sender, and into buffers, where the rest is lost": async () => {
		const probe = await opened(trusted());
		probe.call((socket) => socket.write(bytesOf("abcdef")));
		await probe.told("readable");
		const datagram = probe.call((socket) => socket.read()) as ArrayBuffer & { address: string; port: number };
		equal(textOf(datagram), "abcdef");
		equal(datagram.address, "127.0.0.1");
		equal(datagram.port, server().port);
		equal(probe.socket.remotePort, server().port);
		probe.call((socket) => socket.write(bytesOf("abcdef")));
		await probe.told("readable");
		const small = new Uint8Array(4);
		equal(
			probe.call((socket) => socket.read(small)),
			4,
		);
		equal(textOf(small.buffer), "abcd");
		probe.call((socket) => socket.write(bytesOf("gh")));
		await probe.told("readable");
		const large = new ArrayBuffer(10);
		equal(
			probe.call((socket) => socket.read(large)),
			2,
		);
		equal(textOf(large.slice(0, 2)), "gh");
		probe.close();
	},
	"write: one datagram, as long as it may be": async () => {
		const probe = new Probe(trusted());
		const most = Number((await probe.told("writable")).split(" ")[1]);
		equal(most > 1200 && most < 1400, true, String(most));
		throws(() => probe.call((socket) => socket.write(new Uint8Array(most + 1))), "RangeError");
		equal(await probe.ask("x".repeat(most)), "x".repeat(most));
		equal(
			probe.call((socket) => socket.write(bytesOf("to whom?"), "192.0.2.1", 9)),
			most,
			"the address is passed over",
		);
		equal(await probe.receive(), "to whom?");
		probe.close();
		const short = await opened(trusted({ mtu: 400, resume: false }));
		throws(() => short.socket.write(new Uint8Array(400)), "RangeError");
		equal(await short.ask("y".repeat(300)), "y".repeat(300));
		short.close();
	},
	"the peer's end comes after its data": async () => {
		const probe = await opened(trusted());
		equal(await probe.ask("bye!"), "bye!");
		equal(await probe.told("ended"), "ended");
		probe.close();
	},
	"close while it connects, in a handshake and in a callback: nothing is told any more": async () => {
		for (let delay = 0; delay < 40; delay++) {
			const probe = new Probe(trusted({ resume: false }));
			if (delay > 0) await sleep(delay);
			probe.close();
			probe.close();
			probe.news.length = 0;
			if (delay % 10 === 9) await sleep(60);
			equal(probe.news.length, 0, `${delay} ms`);
		}
		const probe = new Probe(trusted());
		probe.onNews = () => probe.socket.close();
		await probe.told("writable");
		await sleep(50);
		equal(probe.news.length, 0);
		throws(() => probe.socket.write(bytesOf("x")), "Error");
		equal(probe.socket.read(), undefined);
	},
	"from: another socket takes over": async () => {
		const first = await opened(trusted());
		first.call((socket) => socket.write(bytesOf("for the second")));
		await first.told("readable");
		const second = new Probe({ from: first.socket });
		throws(() => first.socket.write(bytesOf("x")), "Error");
		throws(() => new DtlsSocket({ from: first.socket }), "Error");
		equal(await second.receive(), "for the second");
		await second.told("writable");
		equal(await second.ask("still open"), "still open");
		equal(first.news.length, 0);
		second.close();
	},
	"frozen options, target, format": async () => {
		const target = { name: "target" };
		const socket = new DtlsSocket(Object.freeze({ ...trusted(Object.freeze({ ca: fileOf("CA") })), target }));
		equal(socket.target, target);
		equal(socket.format, "buffer");
		throws(() => {
			socket.format = "number";
		}, "RangeError");
		await sleep(200);
		equal(socket.connection?.state, 2, "it opens all the same");
		socket.close();
	},
	"what can't be is said at once": async () => {
		throws(() => new DtlsSocket({ ...trusted(), address: "localhost" }), "RangeError");
		throws(() => new DtlsSocket({ dtls: {} }), "RangeError");
		throws(() => new DtlsSocket(trusted({ mtu: 20 })), "RangeError");
		throws(() => new DtlsSocket(trusted({ connectionIdLength: 33 })), "RangeError");
	},
	"a server that isn't there": async () => {
		const probe = new Probe({ ...server(), port: 9, dtls: { ca: fileOf("CA"), handshakeTimeout: 700, retransmitInitial: 200 } });
		await probe.told("failed");
		equal((probe.socket.connection?.report().retransmissions ?? 0) > 0, true, "retransmissions");
		probe.close();
	},
};
