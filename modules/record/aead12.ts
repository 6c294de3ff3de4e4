// AEADs of TLS 1.2 (RFC 5246 6.2.3.3; RFC 5288, 6655, 7905), and which cipher a suite has.

import { wipe } from "../base/bytes.js";
import type { Registry } from "../crypto/registry.js";
import { NO_MAC } from "../crypto/suites.js";
import type { TrafficKeys } from "../crypto/traffic-keys.js";
import { AEAD_CHACHA20_POLY1305, type Aead } from "../crypto/types.js";
import { type Cipher12, encodeLength12, numberAt12 } from "./cipher12.js";
import { OPEN_BAD_MAC, takeKey } from "./protection.js";
import { createCbc12 } from "./protection-cbc.js";

/** GCM and CCM: 4 bytes of salt and the number, which goes in front of the content (RFC 5288 3). */
class ExplicitNonceCipher implements Cipher12 {
	readonly prefix = 8;
	readonly expansion: number;
	readonly #aead: Aead;
	readonly #nonce = new Uint8Array(12);

	constructor(aead: Aead, tagLength: number, keys: TrafficKeys) {
		this.#aead = aead;
		this.expansion = tagLength;
		takeKey(aead, keys.key);
		for (let i = 0; i < 4; i++) this.#nonce[i] = keys.iv[i];
	}

	seal(head: Uint8Array, bytes: Uint8Array, at: number, contentEnd: number): number {
		const nonce = this.#nonce;
		const numberAt = numberAt12(head);
		for (let i = 0; i < 8; i++) bytes[at + i] = nonce[4 + i] = head[numberAt + i];
		encodeLength12(head, contentEnd - at - 8);
		this.#aead.seal(nonce, head, head.length, bytes, at + 8, contentEnd);
		return contentEnd + this.expansion;
	}

	open(head: Uint8Array, bytes: Uint8Array, at: number, end: number): number {
		const nonce = this.#nonce;
		const contentEnd = end - this.expansion;
		if (contentEnd < at + 8) return OPEN_BAD_MAC;
		for (let i = 0; i < 8; i++) nonce[4 + i] = bytes[at + i];
		encodeLength12(head, contentEnd - at - 8);
		return this.#aead.open(nonce, head, head.length, bytes, at + 8, end) ? contentEnd : OPEN_BAD_MAC;
	}

	wipe(): void {
		this.#aead.wipe();
		wipe(this.#nonce);
	}
}

/** ChaCha20-Poly1305: the IV and the number, as in 1.3 (RFC 7905 2). */
class ImplicitNonceCipher implements Cipher12 {
	readonly prefix = 0;
	readonly expansion: number;
	readonly #aead: Aead;
	readonly #iv = new Uint8Array(12);
	readonly #nonce = new Uint8Array(12);

	constructor(aead: Aead, tagLength: number, keys: TrafficKeys) {
		this.#aead = aead;
		this.expansion = tagLength;
		takeKey(aead, keys.key);
		this.#iv.set(keys.iv);
	}

	seal(head: Uint8Array, bytes: Uint8Array, at: number, contentEnd: number): number {
		this.mix(head);
		encodeLength12(head, contentEnd - at);
		this.#aead.seal(this.#nonce, head, head.length, bytes, at, contentEnd);
		return contentEnd + this.expansion;
	}

	open(head: Uint8Array, bytes: Uint8Array, at: number, end: number): number {
		const contentEnd = end - this.expansion;
		if (contentEnd < at) return OPEN_BAD_MAC;
		this.mix(head);
		encodeLength12(head, contentEnd - at);
		return this.#aead.open(this.#nonce, head, head.length, bytes, at, end) ? contentEnd : OPEN_BAD_MAC;
	}

	wipe(): void {
		this.#aead.wipe();
		wipe(this.#iv);
		wipe(this.#nonce);
	}

	private mix(head: Uint8Array): void {
		const nonce = this.#nonce;
		const iv = this.#iv;
		for (let i = 0; i < 4; i++) nonce[i] = iv[i];
		const numberAt = numberAt12(head);
		for (let i = 0; i < 8; i++) nonce[4 + i] = iv[4 + i] ^ head[numberAt + i];
	}
}

/** The suite's cipher must be registered: the offer was filtered by it. */
export function createCipher12(registry: Registry, keys: TrafficKeys): Cipher12 {
	const { suite } = keys;
	if (suite === undefined) throw new Error("keys of no suite");
	if (suite.mac !== NO_MAC) return createCbc12(registry, keys, suite);
	const algorithm = registry.aead(suite.bulk);
	if (algorithm === undefined) throw new Error("the negotiated AEAD is not registered");
	const aead = algorithm.create();
	if (suite.bulk === AEAD_CHACHA20_POLY1305) return new ImplicitNonceCipher(aead, algorithm.tagLength, keys);
	return new ExplicitNonceCipher(aead, algorithm.tagLength, keys);
}
