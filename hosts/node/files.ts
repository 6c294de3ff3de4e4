// Certificate and key files as PEM text, whichever form they have.

import { readFileSync } from "node:fs";
import { encodePem } from "polltls/pki/pem";

/** Why a file can't be used; `option` asked for it. */
export class FileError extends Error {
	override name = "FileError";
}

/** The file's bytes. */
export function bytesOf(option: string, file: string): Buffer {
	try {
		return readFileSync(file);
	} catch (error) {
		throw new FileError(`${option}: ${(error as Error).message}`);
	}
}

/** The file's PEM text; a DER file becomes PEM with this label ("PRIVATE KEY" stands for every form of key: its decoder looks). */
export function pemOf(option: string, file: string, label: string): string {
	const bytes = bytesOf(option, file);
	const text = bytes.toString("latin1");
	if (text.includes("-----BEGIN ")) return text;
	if (bytes[0] !== 0x30) throw new FileError(`${option}: ${file} is neither PEM nor DER`);
	return Buffer.from(encodePem(label, bytes, 0, bytes.length)).toString("latin1");
}
