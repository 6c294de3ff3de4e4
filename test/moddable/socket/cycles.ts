// The heap after many connections is what it was before, and after connections that were closed at any moment.

import { TlsSocket } from "polltls/moddable/tls-socket";
import { BenchNative } from "test/bench/native/bench-native";
import { fileOf, parameter, print } from "test/sdk/support";
import { bytesOf, server, sleep } from "./scenario.js";

/** Slots that are live, and bytes of chunks. */
function live(): number[] {
	BenchNative.collect();
	BenchNative.collect();
	return [BenchNative.slots(), BenchNative.chunks()];
}

/** One connection with a word there and back, or closed after so many milliseconds. */
function cycle(ca: Uint8Array, closeAfter: number): Promise<void> {
	return new Promise((resolve, reject) => {
		const socket = new TlsSocket({
			...server(),
			tls: { ca, resume: closeAfter < 0 },
			onWritable() {
				socket.write(bytesOf("word"));
			},
			onReadable() {
				socket.read();
				socket.close();
				resolve();
			},
			onError(error?: unknown) {
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

export async function cycles(): Promise<number> {
	const ca = fileOf("CA");
	const rounds = Number(parameter("ROUNDS"));
	for (let i = 0; i < 20; i++) await cycle(ca, -1); // what is made once is there, and the session that is kept
	await sleep(200);
	const figures = [
		[0, 0],
		[0, 0],
		[0, 0],
	];
	const note = (index: number): void => {
		const [slots, chunks] = live();
		figures[index][0] = slots;
		figures[index][1] = chunks;
	};
	note(0);
	for (let i = 0; i < rounds; i++) await cycle(ca, -1);
	await sleep(200);
	note(1);
	for (let i = 0; i < 200; i++) await cycle(ca, i % 40);
	await sleep(200);
	note(2);
	for (const [index, title] of ["before", `after ${rounds} connections`, "after 200 that were closed on the way"].entries())
		print(`${title}: ${figures[index][0]} slots, ${figures[index][1]} bytes of chunks`);
	return figures.every((each) => each.join() === figures[0].join()) ? 0 : 1;
}
