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
		return new Uint8Array(request(this.#bytes.buffer as ArrayBuffer));
	}
}

/** Sends a request as it is; the host's answer. */
export function request(bytes: ArrayBuffer): ArrayBuffer {
	const start = performance.now();
	const answer = issueCommand(bytes);
	spent.milliseconds += performance.now() - start;
	return answer;
}

/** An ArrayBuffer of XS. */
export interface Joinable extends ArrayBuffer {
	concat(...parts: ArrayBufferLike[]): Joinable;
}

/** Bytes as a request or a part of one. */
export function fields(...bytes: number[]): Joinable {
	return Uint8Array.of(...bytes).buffer as unknown as Joinable;
}

/**
 * A copy of [at, end) of bytes as a part of a request. The engine slices and joins buffers without counting each byte as
 * work, as it counts none of native code's: what stands for native code is asked for by parts.
 */
export function part(bytes: Uint8Array, at: number, end: number): ArrayBuffer {
	return (bytes.buffer as ArrayBuffer).slice(bytes.byteOffset + at, bytes.byteOffset + end);
}
