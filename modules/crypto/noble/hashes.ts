// SHA-1, SHA-256, SHA-384, SHA-512 and HMAC on @noble/hashes. SHA-1 is here for the HMAC of the CBC-SHA suites only
// (RFC 5246); no signature is made or checked with it. For the noble provider (desktop and tests).

import { _SHA1 } from "@noble/hashes/legacy.js";
import { _SHA256, _SHA384, _SHA512 } from "@noble/hashes/sha2.js";
import { copy, wipe } from "../../base/bytes.js";
import { type Hash, type HashAlgorithm, type Hmac, sha1, sha256, sha384, sha512 } from "../types.js";

/** What is used of noble's running hashes. */
interface Running {
	update(bytes: Uint8Array): unknown;
	digestInto(out: Uint8Array): void;
	_cloneInto(to?: Running): Running;
	destroy(): void;
}

class NobleHash implements Hash {
	readonly #running: Running;

	constructor(running: Running) {
		this.#running = running;
	}

	update(bytes: Uint8Array, at: number, end: number): void {
		this.#running.update(place(bytes, at, end));
	}

	fork(): Hash {
		return new NobleHash(this.#running._cloneInto());
	}

	digest(out: Uint8Array, at: number): void {
		this.#running.digestInto(at === 0 ? out : out.subarray(at));
		this.#running.destroy();
	}
}

/** HMAC whose two pads are hashed once per key; a message costs no new hash. */
class NobleHmac implements Hmac {
	readonly #create: () => Running;
	readonly #block: Uint8Array;
	readonly #digest: Uint8Array;
	/** The states after the inner and the outer pad. */
	#inner: Running;
	#outer: Running;
	/** The message's hash. */
	#work: Running;

	constructor(create: () => Running, hashLength: number, blockLength: number) {
		this.#create = create;
		this.#block = new Uint8Array(blockLength);
		this.#digest = new Uint8Array(hashLength);
		this.#inner = create();
		this.#outer = create();
		this.#work = create();
	}

	setKey(key: Uint8Array, at: number, end: number): void {
		const block = this.#block;
		block.fill(0);
		const fresh = this.#create();
		if (end - at > block.length) {
			fresh._cloneInto(this.#work);
			this.#work.update(place(key, at, end));
			this.#work.digestInto(block);
			block.fill(0, this.#digest.length);
		} else copy(block, 0, key, at, end);
		for (let i = 0; i < block.length; i++) block[i] ^= 0x36;
		this.#inner = fresh._cloneInto(this.#inner);
		this.#inner.update(block);
		for (let i = 0; i < block.length; i++) block[i] ^= 0x36 ^ 0x5c;
		this.#outer = fresh._cloneInto(this.#outer);
		this.#outer.update(block);
		wipe(block);
		this.#inner._cloneInto(this.#work);
	}

	update(bytes: Uint8Array, at: number, end: number): void {
		this.#work.update(place(bytes, at, end));
	}

	digest(out: Uint8Array, at: number): void {
		const digest = this.#digest;
		this.#work.digestInto(digest);
		this.#outer._cloneInto(this.#work);
		this.#work.update(digest);
		this.#work.digestInto(digest);
		out.set(digest, at);
		this.#inner._cloneInto(this.#work);
	}

	wipe(): void {
		this.#inner.destroy();
		this.#outer.destroy();
		this.#work.destroy();
		wipe(this.#digest);
	}
}

function place(bytes: Uint8Array, at: number, end: number): Uint8Array {
	return at === 0 && end === bytes.length ? bytes : bytes.subarray(at, end);
}

export const nobleSha1: HashAlgorithm = Object.freeze({
	id: sha1,
	hashLength: 20,
	blockLength: 64,
	create: () => new NobleHash(new _SHA1()),
	createHmac: () => new NobleHmac(() => new _SHA1(), 20, 64),
});

export const nobleSha256: HashAlgorithm = Object.freeze({
	id: sha256,
	hashLength: 32,
	blockLength: 64,
	create: () => new NobleHash(new _SHA256()),
	createHmac: () => new NobleHmac(() => new _SHA256(), 32, 64),
});

export const nobleSha384: HashAlgorithm = Object.freeze({
	id: sha384,
	hashLength: 48,
	blockLength: 128,
	create: () => new NobleHash(new _SHA384()),
	createHmac: () => new NobleHmac(() => new _SHA384(), 48, 128),
});

export const nobleSha512: HashAlgorithm = Object.freeze({
	id: sha512,
	hashLength: 64,
	blockLength: 128,
	create: () => new NobleHash(new _SHA512()),
	createHmac: () => new NobleHmac(() => new _SHA512(), 64, 128),
});
