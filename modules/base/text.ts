// Text of single-byte characters (ASCII, Latin-1) as bytes and back: names, protocols, labels. Nothing here checks it.

/** An array of its own with the text. */
export function bytesOfText(text: string): Uint8Array {
	const { length } = text;
	const bytes = new Uint8Array(length);
	for (let i = 0; i < length; ++i) bytes[i] = text.charCodeAt(i);
	return bytes;
}

/** The text at [at, end) of bytes. Four characters a call: XS looks for String among all globals, and makes a new string each time. */
export function textAt(bytes: Uint8Array, at: number, end: number): string {
	let text = "";
	for (; at + 4 <= end; at += 4) text += String.fromCharCode(bytes[at], bytes[at + 1], bytes[at + 2], bytes[at + 3]);
	for (; at < end; ++at) text += String.fromCharCode(bytes[at]);
	return text;
}
