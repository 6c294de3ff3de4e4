// Certificates, requests and CRLs of files, PEM or DER, and what comes out again.

import { readFileSync, writeFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { type Failure, NO_FAILURE } from "polltls/base/failure";
import { encodePem, PemReader } from "polltls/pki/pem";
import { UsageError } from "../command/options.js";
import { FileError } from "../files.js";

/** Where a command's words go: the process's own streams, or a test's. */
export interface Output {
	out(text: string | Uint8Array): void;
	err(text: string): void;
}

/** Something in a file or a field can't be used: the failure's name is printed, its code is the exit code. */
export class CertificateError extends Error {
	override name = "CertificateError";
	readonly failure: Failure;

	constructor(failure: Failure, detail: string) {
		super(detail);
		this.failure = failure;
	}
}

/** The DER values of one kind (PEM_... of pki/pem) in a PEM text, or the one that DER bytes are. */
export function valuesOf(source: string | Uint8Array, kinds: number, what: string): Uint8Array[] {
	if (typeof source !== "string" && source[0] === 0x30) return [source];
	const reader = new PemReader(source);
	const values: Uint8Array[] = [];
	while (reader.find(kinds)) values.push(reader.der);
	const failure = reader.end();
	if (failure !== NO_FAILURE) throw new CertificateError(failure, what);
	return values;
}

export function bytesOf(file: string): Uint8Array {
	try {
		return new Uint8Array(readFileSync(file));
	} catch (error) {
		throw new FileError((error as Error).message);
	}
}

/** Values of a file. */
export function valuesOfFile(file: string, kinds: number): Uint8Array[] {
	return valuesOf(bytesOf(file), kinds, file);
}

/** Writes PEM to a file, or to the output. mode: 0o600 for what is secret. */
export function giveOut(output: Output, file: string | undefined, label: string, der: Uint8Array, mode = 0o644): void {
	const text = encodePem(label, der, 0, der.length);
	if (file === undefined) output.out(text);
	else writeFileSync(file, text, { mode });
	text.fill(0);
}

export function parse<T extends NonNullable<Parameters<typeof parseArgs>[0]>["options"] & object>(args: string[], options: T) {
	try {
		return parseArgs({ args, options, allowPositionals: true, strict: true });
	} catch (error) {
		throw new UsageError((error as Error).message.split(". ")[0]);
	}
}

export function integerOf(option: string, text: string, least: number, most: number): number {
	const value = Number(text);
	if (text === "" || !Number.isInteger(value) || value < least || value > most)
		throw new UsageError(`${option}: "${text}" is not a number from ${least} to ${most}`);
	return value;
}

export function choiceOf<const T extends string>(option: string, text: string, choices: readonly T[]): T {
	const found = choices.find((one) => one === text);
	if (found === undefined) throw new UsageError(`${option}: "${text}" is not ${choices.join(", ")}`);
	return found;
}
