// Two streams, each the other's far end: what one writes the other reads, with back-pressure. For xs-session.ts.

import { Duplex } from "node:stream";

export class PipeEnd extends Duplex {
	#other: PipeEnd | undefined;
	/** The other's write that waits until this one is read. */
	#writer: (() => void) | undefined;

	constructor() {
		super({ allowHalfOpen: true, autoDestroy: true });
	}

	/** Makes two ends one pipe. */
	static join(one: PipeEnd, other: PipeEnd): void {
		one.#other = other;
		other.#other = one;
	}

	override _read(): void {
		const writer = this.#writer;
		this.#writer = undefined;
		writer?.();
	}

	override _write(bytes: Buffer, _encoding: BufferEncoding, done: (error?: Error | null) => void): void {
		const other = this.#other;
		if (!other || other.destroyed || other.readableEnded) return done(); // nobody reads any more
		if (other.push(bytes)) done();
		else other.#writer = done;
	}

	override _final(done: (error?: Error | null) => void): void {
		if (this.#other && !this.#other.destroyed) this.#other.push(null);
		done();
	}

	override _destroy(error: Error | null, done: (error?: Error | null) => void): void {
		const other = this.#other;
		this._read();
		if (other && !other.destroyed && !other.readableEnded) other.push(null);
		done(error);
	}
}
