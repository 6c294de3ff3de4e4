// The XS engine of npm @agoric/xsnap as a child process: sources and commands go in, answers and meters come out.
// For everything that runs code on XS from Node: the simulated device, `--engine xs`, suites on XS.
// The worker talks in netstrings, on fd 3 (to XS), fd 4 (from XS) and fd 5 (snapshots of its heap).

import { type ChildProcess, spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import type { Readable, Writable } from "node:stream";

/** What the engine counted while it ran a command. */
export interface Meter {
	/** Slots in use: live ones and what was not collected yet. */
	currentHeapCount: number;
	/** Byte codes and other units of work since the command began. */
	compute: number;
	/** Bytes that the engine reserved from the system; no measure of use. */
	allocate: number;
}

export interface Answer {
	reply: Buffer;
	meter: Meter;
}

export interface WorkerOptions {
	/** Answers issueCommand(ArrayBuffer) inside XS, which waits for it. A throw ends the worker. */
	onCommand?: (bytes: Buffer) => Uint8Array | Promise<Uint8Array>;
	/** Takes the lines of print() inside XS, and what the engine itself says; stderr otherwise. */
	onPrint?: (line: string) => void;
	/** Ends the worker when one command takes more compute than that; 0 for no limit. */
	computeLimit?: number;
	/** Lets Node end while the engine has nothing to do. */
	background?: boolean;
}

/** The engine isn't there or can't start: the message says what to do. */
export class EngineMissing extends Error {
	override name = "EngineMissing";
}

/** The engine ended before it answered. */
export class EngineEnded extends Error {
	override name = "EngineEnded";
	readonly exitCode: number | string;
	constructor(exitCode: number | string, detail: string) {
		super(`the XS engine ended: ${EXIT_NAMES[exitCode] ?? exitCode}${detail && `: ${detail}`}`);
		this.exitCode = exitCode;
	}
}

const EXIT_NAMES: Record<string, string> = {
	11: "not enough memory",
	12: "stack overflow",
	15: "unhandled exception",
	16: "no more keys",
	17: "too much computation",
};

interface Waiting {
	kind: number;
	bytes: Uint8Array;
	resolve(answer: Answer): void;
	reject(error: Error): void;
}

const NOTHING = new Uint8Array(0);
const READY = 0x52; // R
const EVALUATE = 0x65; // e
const COMMAND = 0x3f; // ?
const SNAPSHOT = 0x77; // w
const QUIT = 0x71; // q
const ANSWER = 0x2e; // .
const THROWN = 0x21; // !
const REPLY = 0x2f; // /

/** Where the engine's program is, or an EngineMissing that says how to get it. */
export function enginePath(): string {
	const own = process.env["XSNAP_WORKER"];
	if (own) {
		if (existsSync(own)) return own;
		throw new EngineMissing(`XSNAP_WORKER names ${own}, which isn't there`);
	}
	let root: string;
	try {
		root = dirname(createRequire(import.meta.url).resolve("@agoric/xsnap/package.json"));
	} catch {
		throw new EngineMissing("the XS engine (npm package @agoric/xsnap) is not installed: run `npm install` in the project's folder and look for its errors");
	}
	const path = join(root, "xsnap-native/xsnap/build/bin", process.platform === "darwin" ? "mac" : "lin", "release", "xsnap-worker");
	if (existsSync(path)) return path;
	throw new EngineMissing(
		"the XS engine (npm package @agoric/xsnap) is installed but not built: it is compiled at install and needs a C compiler and make.\n" +
			(process.platform === "darwin"
				? "Run `xcode-select --install`, then `npm rebuild @agoric/xsnap`."
				: "Install them (Debian, Ubuntu: `apt install build-essential`; Fedora: `dnf install gcc make`), then run `npm rebuild @agoric/xsnap`."),
	);
}

/**
 * One XS machine.
 *
 *     const worker = await XsWorker.start({ onCommand: (bytes) => randomBytes(bytes[0]) });
 *     await worker.evaluate(source);                         // a script, e.g. an esbuild bundle
 *     const { reply, meter } = await worker.command(bytes);  // what globalThis.handleCommand(ArrayBuffer) returned
 *     await worker.close();
 */
export class XsWorker {
	readonly ended: Promise<number | string>;
	exitCode: number | string | undefined;
	readonly #child: ChildProcess;
	readonly #to: Writable;
	readonly #onCommand: (bytes: Buffer) => Uint8Array | Promise<Uint8Array>;
	/** Commands without an answer yet. Only the first has been sent: the engine would take another one for the answer to a request of its own. */
	readonly #waiting: Waiting[] = [];
	readonly #background: boolean;
	/** Bytes from the worker that aren't a whole message yet: their pieces, their sum, and the length that is waited for (-1: not known). */
	#pieces: Buffer[] = [];
	#size = 0;
	#need = -1;
	readonly #image: Buffer[] = [];
	#imageSize = 0;
	#imageTurn: Promise<void> = Promise.resolve();
	#imageArrived: (() => void) | undefined;
	#lastWords = "";

	static async start(options: WorkerOptions = {}): Promise<XsWorker> {
		const worker = new XsWorker(options);
		await worker.#send(READY, NOTHING);
		return worker;
	}

	private constructor({ onCommand, onPrint, computeLimit = 0, background = false }: WorkerOptions) {
		this.#background = background;
		this.#onCommand = onCommand ?? (() => NOTHING);
		const options = computeLimit > 0 ? ["-l", String(computeLimit)] : [];
		this.#child = spawn(enginePath(), ["polltls", ...options], { stdio: ["ignore", "pipe", "pipe", "pipe", "pipe", "pipe"] });
		const stdio: readonly unknown[] = this.#child.stdio;
		const print = onPrint ?? ((line: string) => process.stderr.write(`${line}\n`));
		this.#lines(stdio[1] as Readable, print);
		this.#lines(stdio[2] as Readable, (line) => {
			this.#lastWords = line;
			print(line);
		});
		this.#to = stdio[3] as Writable;
		this.#to.on("error", () => {}); // its end is told by "exit"
		(stdio[4] as Readable).on("data", (data: Buffer) => this.#take(data));
		(stdio[5] as Readable).on("data", (data: Buffer) => {
			this.#image.push(data);
			this.#imageSize += data.length;
			this.#imageArrived?.();
		});
		this.ended = new Promise((resolve) => {
			const end = (code: number | string): void => {
				if (this.exitCode !== undefined) return;
				this.exitCode = code;
				for (const { reject } of this.#waiting.splice(0)) reject(new EngineEnded(code, this.#lastWords));
				resolve(code);
			};
			this.#child.once("error", (error) => end(error.message));
			this.#child.once("close", (code, signal) => end(code ?? signal ?? "?"));
		});
	}

	/** Runs a script in the global scope; rejects with what it throws. */
	evaluate(source: string): Promise<Answer> {
		return this.#send(EVALUATE, new TextEncoder().encode(source));
	}

	/** Calls globalThis.handleCommand with the bytes; the reply is the ArrayBuffer that it returns. */
	command(bytes: Uint8Array): Promise<Answer> {
		return this.#send(COMMAND, bytes);
	}

	/** Collects garbage and answers the image of the live heap (see heap-image.ts). Milliseconds, and hundreds of KB. */
	async snapshot(): Promise<Buffer> {
		const { reply } = await this.#send(SNAPSHOT, new TextEncoder().encode("@5"));
		const size = Number(reply.toString("latin1"));
		const turn = this.#imageTurn.then(() => this.#takeImage(size)); // images follow one another on one pipe
		this.#imageTurn = turn.then(() => {});
		return turn;
	}

	/** Lets it end after what it does now. */
	close(): Promise<number | string> {
		if (this.exitCode === undefined) this.#send(QUIT, NOTHING).catch(() => {}); // its answer is the end
		return this.ended;
	}

	/** Ends it at once, also out of an endless loop. */
	kill(): Promise<number | string> {
		this.#child.kill("SIGKILL");
		return this.ended;
	}

	async #takeImage(size: number): Promise<Buffer> {
		while (this.#imageSize < size && this.exitCode === undefined)
			await new Promise<void>((resolve) => {
				this.#imageArrived = resolve;
				void this.ended.then(() => resolve());
			});
		this.#imageArrived = undefined;
		const all = Buffer.concat(this.#image.splice(0));
		this.#image.push(all.subarray(size));
		this.#imageSize = all.length - size;
		return all.subarray(0, size);
	}

	#lines(stream: Readable, take: (line: string) => void): void {
		let rest = "";
		stream.setEncoding("utf8").on("data", (text: string) => {
			const lines = (rest + text).split("\n");
			rest = lines.pop() ?? "";
			for (const line of lines) take(line);
		});
		stream.on("end", () => rest && take(rest));
	}

	#write(kind: number, bytes: Uint8Array): void {
		const head = `${bytes.length + 1}:`;
		const message = Buffer.allocUnsafe(head.length + bytes.length + 2);
		message.write(head, 0, "latin1");
		message[head.length] = kind;
		message.set(bytes, head.length + 1);
		message[message.length - 1] = 0x2c;
		this.#to.write(message);
	}

	#send(kind: number, bytes: Uint8Array): Promise<Answer> {
		if (this.exitCode !== undefined) return Promise.reject(new EngineEnded(this.exitCode, this.#lastWords));
		return new Promise((resolve, reject) => {
			if (this.#waiting.push({ kind, bytes, resolve, reject }) > 1) return;
			this.#hold(true);
			this.#write(kind, bytes);
		});
	}

	/** The first command has been answered. */
	#answered(): Waiting | undefined {
		const first = this.#waiting.shift();
		if (this.#waiting.length > 0) this.#write(this.#waiting[0].kind, this.#waiting[0].bytes);
		else this.#hold(false);
		return first;
	}

	/** Whether Node must go on for the engine's sake. */
	#hold(on: boolean): void {
		if (!this.#background) return;
		for (const one of [this.#child, ...this.#child.stdio] as ({ ref?(): void; unref?(): void } | null)[]) {
			if (on) one?.ref?.();
			else one?.unref?.();
		}
	}

	#take(data: Buffer): void {
		this.#pieces.push(data);
		this.#size += data.length;
		for (;;) {
			if (this.#need < 0) {
				const all = this.#joined();
				const colon = all.indexOf(0x3a);
				if (colon < 0) return;
				this.#need = Number(all.toString("latin1", 0, colon)) + 1; // and the comma
				this.#keep(all.subarray(colon + 1));
			}
			if (this.#size < this.#need) return;
			const all = this.#joined();
			const message = all.subarray(0, this.#need - 1);
			this.#keep(all.subarray(this.#need));
			this.#need = -1;
			this.#read(message);
		}
	}

	#joined(): Buffer {
		const all = this.#pieces.length === 1 ? this.#pieces[0] : Buffer.concat(this.#pieces);
		this.#keep(all);
		return all;
	}

	#keep(rest: Buffer): void {
		this.#pieces = [rest];
		this.#size = rest.length;
	}

	#read(message: Buffer): void {
		switch (message[0]) {
			case ANSWER: {
				const end = message.indexOf(1, 1); // the meter's JSON ends with a 1; only "ready" has none
				const meter: Meter = end < 0 ? { currentHeapCount: 0, compute: 0, allocate: 0 } : JSON.parse(message.toString("latin1", 1, end));
				this.#answered()?.resolve({ reply: message.subarray(end < 0 ? 1 : end + 1), meter });
				break;
			}
			case THROWN:
				this.#answered()?.reject(new Error(`XS: ${message.toString("utf8", 1)}`));
				break;
			case COMMAND:
				this.#serve(message.subarray(1));
				break;
			default:
				void this.kill();
		}
	}

	#serve(request: Buffer): void {
		const refuse = (error: unknown): void => {
			this.#lastWords = `a request could not be served: ${error instanceof Error ? error.message : String(error)}`;
			void this.kill();
		};
		try {
			const answer = this.#onCommand(request);
			if (answer instanceof Promise) answer.then((bytes) => this.#write(REPLY, bytes)).catch(refuse);
			else this.#write(REPLY, answer);
		} catch (error) {
			refuse(error);
		}
	}
}
