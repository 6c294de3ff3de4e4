// Certificates, keys and data as applications give them: any byte buffer of ECMA-419, resources in flash, PEM texts.

import type { ByteBuffer } from "./io-types.js";

/** The same bytes as an array, without a copy. */
export function arrayOf(buffer: ByteBuffer): Uint8Array {
	if (buffer instanceof Uint8Array) return buffer;
	if (ArrayBuffer.isView(buffer)) return new Uint8Array(buffer.buffer, buffer.byteOffset, buffer.byteLength);
	return new Uint8Array(buffer as ArrayBuffer);
}

/** One or several of an option, as a list. */
export function listOf<T>(value: T | readonly T[] | undefined): readonly T[] {
	if (value === undefined) return [];
	return Array.isArray(value) ? value : [value as T];
}

/** Whether a certificate or key is PEM: a text, or bytes that begin as no DER does. */
export function isPem(value: string | Uint8Array): boolean {
	return typeof value === "string" || value[0] !== 0x30;
}

/** ASCII. */
export function textOf(value: string | ByteBuffer): string {
	if (typeof value === "string") return value;
	let text = "";
	for (const byte of arrayOf(value)) text += String.fromCharCode(byte);
	return text;
}
