// What all echo programs need besides a stack: text as bytes, and a check of what a call has answered.

import { OK } from "polltls/base/status";

/** Throws unless a call has answered OK. */
export function check(call: string, code: number, { complaint, outcome }: { complaint?: string; outcome: { failure: number; bytesNeeded: number } }): void {
	if (code !== OK) throw new Error(`${call}: code ${code}, failure ${outcome.failure >> 16} ${complaint ?? ""} ${outcome.bytesNeeded || ""}`);
}

/** ASCII. */
export function bytesOf(text: string): Uint8Array {
	return Uint8Array.from(text, (letter) => letter.charCodeAt(0));
}
export function textOf(bytes: Uint8Array, end: number): string {
	let text = "";
	for (let i = 0; i < end; i++) text += String.fromCharCode(bytes[i]);
	return text;
}
