// The heap after many DTLS connections is what it was before, and after connections that were closed at any moment: both
// ends are in this image.

import { DtlsListener } from "polltls/moddable/dtls-listener";
import { DtlsSocket } from "polltls/moddable/dtls-socket";
import { BenchNative } from "test/bench/native/bench-native";
import { fileOf, parameter, print } from "test/sdk/support";
import { bytesOf, sleep } from "test/socket/scenario";
import { psks } from "./probe.js";

/** Slots that are live, and bytes of chunks. */
function live(): number[] {
	BenchNative.collect();
	BenchNative.collect();
	return [BenchNative.slots(), BenchNative.chunks()];
}

/** One connection with a word there and back, or closed after so many milliseconds. */
function cycle(options: object, closeAfter: number): Promise<void> {
	return new Promise((resolve, reject) => {
		const socket = new DtlsSocket({
			address: "127.0.0.1",
			port: Number(parameter("PORT")),
			host: "localhost",
			dtls: { ...options, resume: closeAfter < 0 },
			onWritable() {
				socket.write(bytesOf("word"));
			},
			onReadable() {
				socket.read();
				socket.close();
				resolve();
			},
			onError(error) {
				socket.close();
				reject(error ?? new Error("closed"));
			},
		});
		if (closeAfter >= 0)
			void sleep(closeAfter).then(() => {
				socket.close();
				resolve();
			});
	});
}

function listen(): DtlsListener {
	return new DtlsListener({
		port: Number(parameter("PORT")),
		maxConnections: 8,
		dtls: { certificate: fileOf("CERTIFICATE"), key: fileOf("KEY"), psks: psks(), handshakeTimeout: 300 },
		onReadable(count) {
			while (count-- > 0)
				new DtlsSocket({
					from: this.read(),
					onReadable() {
						this.write(this.read() as ArrayBuffer);
					},
					onError() {
						this.close();
					},
				});
		},
	});
}

export async function cycles(): Promise<number> {
	const listener = listen();
	const certificates = { ca: fileOf("CA") };
	const keys = { ca: [], psks: psks() };
	const rounds = Number(parameter("ROUNDS"));
	for (let i = 0; i < 20; i++) await cycle(i % 2 ? certificates : keys, -1); // what is made once is there, and the session that is kept
	const figures: number[][] = [
		[0, 0],
		[0, 0],
		[0, 0],
	];
	const note = async (index: number): Promise<void> => {
		while (listener.connections > 0) await sleep(50);
		await sleep(200);
		const [slots, chunks] = live();
		figures[index][0] = slots;
		figures[index][1] = chunks;
	};
	await note(0);
	for (let i = 0; i < rounds; i++) await cycle(i % 10 === 0 ? certificates : keys, -1);
	await note(1);
	for (let i = 0; i < 200; i++) await cycle(i % 2 ? certificates : keys, i % 30);
	await note(2);
	for (const [index, title] of ["before", `after ${rounds} connections`, "after 200 that were closed on the way"].entries())
		print(`${title}: ${figures[index][0]} slots, ${figures[index][1]} bytes of chunks`);
	return figures.every((each) => each.join() === figures[0].join()) ? 0 : 1;
}
