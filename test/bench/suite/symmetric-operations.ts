// Hashes, HMAC and record ciphers of a provider as operations to measure. Portable.

import type { Registry } from "polltls/crypto/registry";
import {
	AEAD_AES_128_CCM,
	AEAD_AES_128_CCM_8,
	AEAD_AES_128_GCM,
	AEAD_AES_256_GCM,
	AEAD_CHACHA20_POLY1305,
	AES_128_CBC,
	sha256,
	sha384,
} from "polltls/crypto/types";
import type { Operation } from "./operation.js";

const KB = 1024;

const aeads: readonly [string, number][] = [
	["AES-128-GCM", AEAD_AES_128_GCM],
	["AES-256-GCM", AEAD_AES_256_GCM],
	["AES-128-CCM", AEAD_AES_128_CCM],
	["AES-128-CCM-8", AEAD_AES_128_CCM_8],
	["ChaCha20-Poly1305", AEAD_CHACHA20_POLY1305],
];
const hashes: readonly [string, number][] = [
	["SHA-256", sha256],
	["SHA-384", sha384],
];

/** The next nonce: other bytes each time, for on the same ones a processor guesses the branches of a cipher. */
export function count(nonce: Uint8Array): void {
	let i = 0;
	while (++nonce[i] === 0) i++;
}

/** What of it the registry has, under this provider's name, in pieces of so many bytes; a record has a header of 5 bytes beside it. */
export function symmetricOperations(registry: Registry, provider: string, length = KB): Operation[] {
	const operations: Operation[] = [];
	const bytes = new Uint8Array(length + 32);
	const header = new Uint8Array(5);
	for (const [name, id] of hashes) {
		const algorithm = registry.hash(id);
		if (algorithm === undefined) continue;
		const running = algorithm.create();
		operations.push({ name, provider, bytes: length, run: () => running.update(bytes, 0, length) });
		const hmac = algorithm.createHmac();
		hmac.setKey(bytes, 0, 32);
		const mac = new Uint8Array(64);
		operations.push({
			name: `HMAC ${name}, 32 bytes`,
			provider,
			bytes: 0,
			run: () => {
				hmac.update(bytes, 0, 32);
				hmac.digest(mac, 0);
			},
		});
	}
	for (const [name, id] of aeads) {
		const algorithm = registry.aead(id);
		if (algorithm === undefined) continue;
		const aead = algorithm.create();
		aead.setKey(new Uint8Array(32), 0);
		const nonce = new Uint8Array(12);
		operations.push({
			name,
			provider,
			bytes: length,
			run: () => {
				count(nonce);
				aead.seal(nonce, header, 5, bytes, 0, length);
			},
		});
	}
	const cbc = registry.blockCipher(AES_128_CBC);
	if (cbc !== undefined) {
		const cipher = cbc.create();
		cipher.setKey(new Uint8Array(16), 0);
		const iv = new Uint8Array(16);
		operations.push({
			name: "AES-128-CBC",
			provider,
			bytes: length,
			run: () => {
				count(iv);
				cipher.encrypt(iv, bytes, 0, length);
			},
		});
	}
	return operations;
}
