// A TCP connection that blocks, in Node: another thread has the socket, and this one sleeps until it has answered. For tests
// of what runs over blocking sockets; the peer must be another process.

import { Worker } from "node:worker_threads";
import { type SocketControls, type StreamTransport, TRANSPORT_CLOSED, TRANSPORT_FAILED, WOULD_BLOCK } from "polltls/os/os";

const ROOM = 65536;
const CLOSED = -1;
const FAILED = -2;
/** Nothing here takes longer. */
const LIMIT = 30000;

/** In the other thread: [0] of the words is set when a request was answered, [1] is the answer. */
const thread = `
	const { parentPort, workerData: { port, words, bytes } } = require("node:worker_threads");
	const socket = require("node:net").connect({ port, host: "127.0.0.1", noDelay: true });
	const chunks = [];
	let end = 0;
	let reader;
	const answer = (value) => {
		Atomics.store(words, 1, value);
		Atomics.store(words, 0, 1);
		Atomics.notify(words, 0);
	};
	const read = () => {
		const chunk = chunks.shift();
		if (chunk === undefined) return end;
		const count = Math.min(chunk.length, reader);
		bytes.set(chunk.subarray(0, count));
		if (count < chunk.length) chunks.unshift(chunk.subarray(count));
		return count;
	};
	const serve = () => {
		if (reader === undefined || (chunks.length === 0 && end === 0)) return;
		answer(read());
		reader = undefined;
	};
	socket.on("data", (data) => { chunks.push(data); serve(); });
	socket.on("end", () => { end ||= ${CLOSED}; serve(); });
	socket.on("error", () => { end = ${FAILED}; serve(); });
	parentPort.on("message", ({ write, room, timeout }) => {
		if (write !== undefined) return void socket.write(bytes.slice(0, write), () => answer(end === ${FAILED} ? end : write));
		if (room === undefined) return void socket.end(() => process.exit());
		reader = room;
		serve();
		if (reader !== undefined && timeout >= 0) setTimeout(() => {
			if (reader === undefined) return;
			reader = undefined;
			answer(0);
		}, timeout);
	});
`;

/** The connection. read sleeps until there is something, or until its time-out. */
export class BlockingStream implements StreamTransport, SocketControls {
	/** How often read has slept. */
	reads = 0;
	readonly #worker: Worker;
	readonly #words = new Int32Array(new SharedArrayBuffer(8));
	readonly #bytes = new Uint8Array(new SharedArrayBuffer(ROOM));
	#timeout = -1;
	#blocking = true;

	constructor(port: number) {
		this.#worker = new Worker(thread, { eval: true, workerData: { port, words: this.#words, bytes: this.#bytes } });
		this.#worker.unref();
	}

	read(bytes: Uint8Array, at: number, end: number): number {
		if (at === end) return WOULD_BLOCK;
		this.reads++;
		const count = this.#ask({ room: Math.min(end - at, ROOM), timeout: this.#blocking ? this.#timeout : 0 });
		if (count <= 0) return count === CLOSED ? TRANSPORT_CLOSED : count === FAILED ? TRANSPORT_FAILED : WOULD_BLOCK;
		bytes.set(this.#bytes.subarray(0, count), at);
		return count;
	}

	write(bytes: Uint8Array, at: number, end: number): number {
		const count = Math.min(end - at, ROOM);
		this.#bytes.set(bytes.subarray(at, at + count));
		return this.#ask({ write: count }) < 0 ? TRANSPORT_FAILED : count;
	}

	close(): void {
		this.#worker.postMessage({});
	}

	setBlocking(blocking: boolean): boolean {
		this.#blocking = blocking;
		return true;
	}
	setTimeout(milliseconds: number): boolean {
		this.#timeout = milliseconds;
		return true;
	}

	#ask(request: { write?: number; room?: number; timeout?: number }): number {
		Atomics.store(this.#words, 0, 0);
		this.#worker.postMessage(request);
		if (Atomics.wait(this.#words, 0, 0, LIMIT) === "timed-out") throw new Error("nothing came for too long");
		return Atomics.load(this.#words, 1);
	}
}
