// Requests from the device (XS) to its host (Node). For the XS side of hosts/sim.

declare const issueCommand: (request: ArrayBuffer) => ArrayBuffer;
declare const performance: { now(): number };

/** How long requests took: a device has native code there, so it is told apart from the device's own work. */
export const spent = { milliseconds: 0 };

/**
 * One request: fields are written in order, issue() sends it and answers the host's bytes.
 *
 *     const call = new HostCall(ENTROPY, 2);
 *     call.u16(32);
 *     const random = call.issue();
 */
export class HostCall {
	readonly #bytes: Uint8Array;
	#at = 1;

	/** size: the sum of the fields in bytes. */
	constructor(operation: number, size: number) {
		this.#bytes = new Uint8Array(1 + size);
		this.#bytes[0] = operation;
	}

	u8(value: number): void {
		this.#bytes[this.#at++] = value;
	}
	u16(value: number): void {
		this.u8(value >> 8);
		this.u8(value);
	}
	u32(value: number): void {
		this.u16(value >>> 16);
		this.u16(value);
	}
	/** Copies [at, end) of bytes. */
	copy(bytes: Uint8Array, at: number, end: number): void {
		this.#bytes.set(at === 0 && end === bytes.length ? bytes : bytes.subarray(at, end), this.#at);
		this.#at += end - at;
	}

	issue(): Uint8Array {
		const start = performance.now();
		const answer = new Uint8Array(issueCommand(this.#bytes.buffer as ArrayBuffer));
		spent.milliseconds += performance.now() - start;
		return answer;
	}
}
