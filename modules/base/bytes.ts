// Small operations on bytes that every floor needs. Places are [at, end).

/** Stands where bytes will be later: one for all, because each empty array would take 120 bytes of a device. On a device it is in flash. */
export const NO_BYTES: Uint8Array = new Uint8Array(0);

/** 1 if the two places hold the same bytes, else 0; takes the same time whatever they hold. */
export function equalConstantTime(a: Uint8Array, aAt: number, b: Uint8Array, bAt: number, length: number): number {
	const end = aAt + length;
	let difference = 0;
	bAt -= aAt; // how far it is from one place to the other
	for (; aAt < end; ++aAt) difference |= a[aAt] ^ b[bAt + aAt];
	return ((difference - 1) >> 31) & 1;
}

/** Whether the two places hold the same bytes; for public values: it stops at the first difference. */
export function equalPublic(a: Uint8Array, aAt: number, aEnd: number, b: Uint8Array, bAt: number, bEnd: number): boolean {
	if (aEnd - aAt !== bEnd - bAt) return false;
	bAt -= aAt;
	for (; aAt < aEnd; ++aAt) if (a[aAt] !== b[bAt + aAt]) return false;
	return true;
}

/** Copies [at, end) of source to target; within one array the places may overlap, and nothing is allocated. A view takes XS as long as three bytes by themselves. */
export function copy(target: Uint8Array, targetAt: number, source: Uint8Array, at: number, end: number): void {
	if (target === source) target.copyWithin(targetAt, at, end);
	else if (at === 0 && end === source.length) target.set(source, targetAt);
	else if (at < end) target.set(source.subarray(at, end), targetAt);
}

/** An array of its own with [at, end) of source. Unlike slice() it copies a Node Buffer too. */
export function copyOf(source: Uint8Array, at: number, end: number): Uint8Array {
	const copied = new Uint8Array(end - at);
	copy(copied, 0, source, at, end);
	return copied;
}

/** Overwrites a secret. */
export function wipe(bytes: Uint8Array): void {
	if (bytes.length > 0) bytes.fill(0); // fill() throws on what is in flash, NO_BYTES too
}
