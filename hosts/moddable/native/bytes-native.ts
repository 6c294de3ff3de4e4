// Stands in for modules/base/bytes in an image: the same functions in C (bytes-native.c), which make no view for a place
// and take a tenth of the time. What they do and answer is said there.

export const NO_BYTES: Uint8Array = new Uint8Array(0);

export function equalConstantTime(this: void, a: Uint8Array, aAt: number, b: Uint8Array, bAt: number, length: number): number {
	return native("xs_polltls_equalConstantTime").call(this, a, aAt, b, bAt, length);
}

export function equalPublic(this: void, a: Uint8Array, aAt: number, aEnd: number, b: Uint8Array, bAt: number, bEnd: number): boolean {
	return native("xs_polltls_equalPublic").call(this, a, aAt, aEnd, b, bAt, bEnd);
}

export function copy(this: void, target: Uint8Array, targetAt: number, source: Uint8Array, at: number, end: number): void {
	return native("xs_polltls_copy").call(this, target, targetAt, source, at, end);
}

export function copyOf(source: Uint8Array, at: number, end: number): Uint8Array {
	const copied = new Uint8Array(end - at);
	copy(copied, 0, source, at, end);
	return copied;
}

export function wipe(this: void, bytes: Uint8Array): void {
	return native("xs_polltls_wipe").call(this, bytes);
}
