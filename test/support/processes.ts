// Programs that tests start: with a time-out, their output kept, and ended with all that they started.

import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { connect, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

export const projectRoot = fileURLToPath(new URL("../../", import.meta.url));

/** What of node:test's context is needed here: something to run when the test ends. */
export interface Ending {
	after(end: () => void | Promise<void>): void;
}

export interface Finished {
	/** The exit code, or the signal's name. */
	code: number | string;
	stdout: string;
	stderr: string;
}

export interface StartOptions {
	/** Written to the program's input, which is then ended; without it the input stays open. */
	input?: string | Uint8Array;
	/** After this many milliseconds it is ended; 30 000 if absent. */
	timeout?: number;
	cwd?: string;
	env?: Record<string, string>;
}

const running = new Set<Program>();
process.on("exit", () => {
	for (const program of running) program.kill("SIGKILL");
});

/** A program that runs. Its output is text as far as it came. */
export class Program {
	stdout = "";
	stderr = "";
	readonly command: string;
	readonly ended: Promise<Finished>;
	readonly #child: ChildProcess;
	readonly #watchers = new Set<() => void>();
	#finished: Finished | undefined;
	#late = "";

	constructor(path: string, args: string[], { input, timeout = 30_000, cwd, env }: StartOptions = {}) {
		this.command = [path, ...args].join(" ");
		// A group of its own, so that the end is the end of its children too.
		const child = spawn(path, args, { stdio: "pipe", detached: true, cwd: cwd ?? projectRoot, env: { ...process.env, ...env } });
		this.#child = child;
		running.add(this);
		child.stdout?.setEncoding("utf8").on("data", (text: string) => {
			this.stdout += text;
			this.#tell();
		});
		child.stderr?.setEncoding("utf8").on("data", (text: string) => {
			this.stderr += text;
			this.#tell();
		});
		child.stdin?.on("error", () => {}); // it may end without reading all
		if (input !== undefined) child.stdin?.end(input);
		const timer = setTimeout(() => {
			this.#late = `\n(ended by the test after ${timeout} ms)`;
			this.kill("SIGKILL");
		}, timeout);
		this.ended = new Promise((resolve, reject) => {
			child.on("error", (error) => {
				clearTimeout(timer);
				running.delete(this);
				reject(error);
			});
			child.on("close", (code, signal) => {
				clearTimeout(timer);
				running.delete(this);
				this.#finished = { code: code ?? signal ?? -1, stdout: this.stdout, stderr: this.stderr + this.#late };
				this.#tell();
				resolve(this.#finished);
			});
		});
	}

	/** The process's number, -1 if it didn't start. */
	get pid(): number {
		return this.#child.pid ?? -1;
	}

	/** Types on: more input. */
	write(text: string | Uint8Array): void {
		this.#child.stdin?.write(text);
	}
	endInput(): void {
		this.#child.stdin?.end();
	}

	/** Waits until the output (stdout and stderr, each for itself) holds the pattern. Fails with what it printed. */
	async waitFor(pattern: RegExp, timeout = 15_000): Promise<RegExpExecArray> {
		const limit = Date.now() + timeout;
		for (;;) {
			const found = pattern.exec(this.stdout) ?? pattern.exec(this.stderr);
			if (found) return found;
			if (this.#finished) throw new Error(`it ended (${this.#finished.code}) and never said ${pattern}: ${this.describe()}`);
			const left = limit - Date.now();
			if (left <= 0) throw new Error(`it didn't say ${pattern} in ${timeout} ms: ${this.describe()}`);
			await this.#change(left);
		}
	}

	kill(signal: NodeJS.Signals = "SIGTERM"): void {
		try {
			if (this.#child.pid !== undefined) process.kill(-this.#child.pid, signal);
		} catch {
			// it has ended
		}
	}

	/** Ends it, by force if it doesn't listen. */
	async stop(): Promise<Finished> {
		this.kill("SIGTERM");
		const force = setTimeout(() => this.kill("SIGKILL"), 2000);
		const finished = await this.ended;
		clearTimeout(force);
		return finished;
	}

	/** The command line and the end of its output, for the text of a failed test. */
	describe(): string {
		return `${this.command}\nstdout: ${this.stdout.slice(-3000)}\nstderr: ${this.stderr.slice(-3000)}`;
	}

	#tell(): void {
		for (const watcher of this.#watchers) watcher();
		this.#watchers.clear();
	}

	#change(timeout: number): Promise<void> {
		return new Promise((resolve) => {
			const timer = setTimeout(resolve, timeout);
			this.#watchers.add(() => {
				clearTimeout(timer);
				resolve();
			});
		});
	}
}

/** Runs a program to its end. */
export function run(path: string, args: string[], options: StartOptions = {}): Promise<Finished> {
	return new Program(path, args, { input: "", ...options }).ended;
}

/** Starts a program that ends with the test. */
export function start(t: Ending, path: string, args: string[], options: StartOptions = {}): Program {
	const program = new Program(path, args, { timeout: 120_000, ...options });
	t.after(async () => {
		await program.stop();
	});
	return program;
}

/** A TCP port of 127.0.0.1 that was free a moment ago. */
export function freePort(): Promise<number> {
	return new Promise((resolve, reject) => {
		const server = createServer();
		server.on("error", reject);
		server.listen(0, "127.0.0.1", () => {
			const address = server.address();
			server.close(() => (address && typeof address === "object" ? resolve(address.port) : reject(new Error("no port"))));
		});
	});
}

/** Waits until something listens on the port; fails with what the program printed. */
export async function listening(port: number, program: Program, timeout = 10_000): Promise<void> {
	const limit = Date.now() + timeout;
	let over = false;
	program.ended.then(
		() => (over = true),
		() => (over = true),
	);
	for (;;) {
		const open = await new Promise<boolean>((resolve) => {
			const socket = connect(port, "127.0.0.1", () => {
				socket.destroy();
				resolve(true);
			});
			socket.on("error", () => resolve(false));
		});
		if (open) return;
		if (over || Date.now() > limit) throw new Error(`nothing listens on port ${port}: ${program.describe()}`);
		await new Promise((resolve) => setTimeout(resolve, 30));
	}
}

/** A folder that is there until the test ends. */
export function temporaryFolder(t?: Ending): string {
	const folder = mkdtempSync(join(tmpdir(), "polltls-"));
	const remove = (): void => rmSync(folder, { recursive: true, force: true });
	if (t) t.after(remove);
	else process.on("exit", remove);
	return folder;
}
