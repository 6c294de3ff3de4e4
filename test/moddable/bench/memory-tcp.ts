// A TCP socket of ECMA-419 whose other end is in the same program. For sdk-client.ts.

interface Callbacks {
	onReadable?(count: number): void;
	onWritable?(count: number): void;
}

/** Bytes that a socket takes at once. */
const WINDOW = 8192;

export class MemoryTcp {
	/** The one that was made last: who makes it doesn't give it away. */
	static last: MemoryTcp | undefined;
	/** What it wrote and the other end has not taken. */
	written = new Uint8Array(0);
	/** Kept by whoever is over it. */
	readable = 0;
	writable = 0;
	readonly #callbacks: Callbacks;
	#bytes: Uint8Array = new Uint8Array(0);
	#at = 0;
	#end = 0;

	constructor(callbacks: Callbacks) {
		this.#callbacks = callbacks;
		MemoryTcp.last = this;
	}

	/** The connection has come through. */
	open(): void {
		this.#callbacks.onWritable?.(WINDOW);
	}

	/** Bytes from the other end: tells of them as often as some are left. */
	deliver(bytes: Uint8Array, at: number, end: number): void {
		this.#bytes = bytes;
		this.#at = at;
		this.#end = end;
		while (this.#at < this.#end) this.#callbacks.onReadable?.(this.#end - this.#at);
	}

	read(buffer: Uint8Array): number {
		const count = Math.min(buffer.length, this.#end - this.#at);
		buffer.set(this.#bytes.subarray(this.#at, this.#at + count));
		this.#at += count;
		return count;
	}

	write(bytes: Uint8Array | ArrayBufferLike): number {
		const more = bytes instanceof Uint8Array ? bytes : new Uint8Array(bytes);
		const all = new Uint8Array(this.written.length + more.length);
		all.set(this.written);
		all.set(more, this.written.length);
		this.written = all;
		return WINDOW;
	}

	close(): void {}
}
