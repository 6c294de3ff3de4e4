// Wycheproof test vectors (https://github.com/C2SP/wycheproof), gzipped JSON files in ../shared/vectors/wycheproof
// beside the project's root. They aren't part of the project: where the folder is missing, tests that need them
// say so and are skipped.
//
//     const file = loadWycheproof<AeadTest>("aes_gcm_test");
//     if (!file) return context.skip(WYCHEPROOF_MISSING);
//     for (const group of file.testGroups) for (const vector of group.tests) ...

import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { gunzipSync } from "node:zlib";
import { wycheproofRead } from "./wycheproof-files.js";

/** What every vector has. result "acceptable" leaves the decision to the implementation. */
export interface WycheproofTest {
	tcId: number;
	comment: string;
	flags?: string[];
	result: "valid" | "invalid" | "acceptable";
}
/** Groups have further fields (key, keySize, ...): name them by G. */
export type WycheproofGroup<T, G> = G & { type: string; tests: T[] };
export interface WycheproofFile<T, G> {
	algorithm: string;
	schema: string;
	numberOfTests: number;
	notes?: Record<string, unknown>;
	testGroups: WycheproofGroup<T, G>[];
}

export const WYCHEPROOF_FOLDER = join(dirname(fileURLToPath(import.meta.url)), "../../../shared/vectors/wycheproof");
export const WYCHEPROOF_MISSING = "no Wycheproof vectors (../shared/vectors/wycheproof beside the project)";

/** The parsed file (name with or without .json.gz), or undefined where the folder is missing. Throws if only the file is. */
export function loadWycheproof<T extends WycheproofTest = WycheproofTest, G = Record<string, unknown>>(name: string): WycheproofFile<T, G> | undefined {
	if (!existsSync(WYCHEPROOF_FOLDER)) return undefined;
	const base = name.replace(/(\.json)?(\.gz)?$/, "");
	if (!(base in wycheproofRead)) throw new Error(`${base} isn't in the list of wycheproof-files.ts`);
	return JSON.parse(gunzipSync(readFileSync(join(WYCHEPROOF_FOLDER, `${base}.json.gz`))).toString("utf8"));
}

/** Bytes from hexadecimal, as the vectors write them. */
export function fromHex(hex: string): Uint8Array {
	return new Uint8Array(Buffer.from(hex, "hex"));
}
export function toHex(bytes: Uint8Array): string {
	return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString("hex");
}
