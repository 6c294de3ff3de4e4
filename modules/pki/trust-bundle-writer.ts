// Makes the compact bundle of trust-bundle.ts out of certificates: a tool's work, no device needs it.

import type { Registry } from "../crypto/registry.js";
import { sha256 } from "../crypto/types.js";
import type { Certificate } from "./certificate.js";
import { BUNDLE_ENTRY_HEADER, BUNDLE_MAGIC, NAME_HASH_LENGTH } from "./trust-bundle.js";

/** The bundle of these anchors (decoded certificates), in an array of its own. The registry must have SHA-256. */
export function encodeTrustBundle(registry: Registry, anchors: readonly Certificate[]): Uint8Array {
	const entries: Uint8Array[] = [];
	let length = 4;
	for (const anchor of anchors) {
		const entry = encodeEntry(registry, anchor);
		length += entry.length;
		let place = entries.length;
		while (place > 0 && isBefore(entry, entries[place - 1])) place--;
		entries.splice(place, 0, entry);
	}
	const bundle = new Uint8Array(length);
	for (let i = 0; i < 4; i++) bundle[i] = BUNDLE_MAGIC >> (24 - 8 * i);
	let at = 4;
	for (const entry of entries) {
		bundle.set(entry, at);
		at += entry.length;
	}
	return bundle;
}

function encodeEntry(registry: Registry, anchor: Certificate): Uint8Array {
	const { bytes, subject, publicKey, notAfter } = anchor;
	const length = publicKey.end - publicKey.at;
	const entry = new Uint8Array(BUNDLE_ENTRY_HEADER + length);
	const digest = new Uint8Array(32);
	const hash = registry.hash(sha256)?.create();
	if (hash === undefined) throw new Error("SHA-256 is not registered");
	hash.update(bytes, subject.at, subject.end);
	hash.digest(digest, 0);
	entry.set(digest.subarray(0, NAME_HASH_LENGTH));
	let rest = Math.max(0, notAfter);
	for (let i = 4; i >= 0; i--) {
		entry[NAME_HASH_LENGTH + i] = rest % 256;
		rest = Math.floor(rest / 256);
	}
	entry[13] = publicKey.type;
	entry[14] = length >> 8;
	entry[15] = length;
	entry.set(publicKey.bytes.subarray(publicKey.at, publicKey.end), BUNDLE_ENTRY_HEADER);
	return entry;
}

function isBefore(a: Uint8Array, b: Uint8Array): boolean {
	for (let i = 0; i < NAME_HASH_LENGTH; i++) if (a[i] !== b[i]) return a[i] < b[i];
	return false;
}
