// Lines of a protocol are ASCII.

export function bytesOf(text: string): Uint8Array {
	return Uint8Array.from(text, (letter) => letter.charCodeAt(0));
}

export function textOf(bytes: Uint8Array, end: number): string {
	let text = "";
	for (let i = 0; i < end; i++) text += String.fromCharCode(bytes[i]);
	return text;
}
