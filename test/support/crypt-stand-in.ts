// A stand-in for the Moddable SDK's module crypt and for crypt-native.c, on node:crypto: so that the provider on them
// is tested where there is no SDK. As strict as the natives about what is a whole ArrayBuffer, or stricter.

import { type CipherGCM, createCipheriv, createDecipheriv, createHash, type DecipherGCM, type Hash } from "node:crypto";

type Bytes = ArrayBuffer | Uint8Array;

function viewOf(bytes: Bytes): Uint8Array {
	return bytes instanceof ArrayBuffer ? new Uint8Array(bytes) : bytes;
}
function wholeBuffer(bytes: unknown, least: number): Uint8Array {
	if (!(bytes instanceof ArrayBuffer)) throw new TypeError("not an ArrayBuffer");
	if (bytes.byteLength < least) throw new RangeError("buffer too small");
	return new Uint8Array(bytes);
}
function bufferOf(bytes: Uint8Array): ArrayBuffer {
	return new Uint8Array(bytes).buffer;
}

export class Digest {
	readonly name: string;
	hash: Hash | undefined;

	constructor(name: string) {
		this.name = name.toLowerCase();
		this.hash = createHash(this.name);
	}
	write(bytes: Bytes): void {
		if (this.hash === undefined) throw new Error("written after close");
		this.hash.update(viewOf(bytes));
	}
	close(): ArrayBuffer {
		if (this.hash === undefined) throw new Error("closed twice");
		const digest = bufferOf(this.hash.digest());
		this.hash = undefined;
		return digest;
	}
	reset(): void {
		this.hash = createHash(this.name);
	}
}

export class BlockCipher {
	readonly key: Uint8Array;

	constructor(name: string, key: ArrayBuffer) {
		if (name !== "AES") throw new Error(name);
		this.key = wholeBuffer(key, 16).slice();
	}
	process(block: Uint8Array, decrypt: boolean): Uint8Array {
		const name = this.key.length === 16 ? "aes-128-ecb" : "aes-256-ecb";
		return (decrypt ? createDecipheriv(name, this.key, null) : createCipheriv(name, this.key, null)).setAutoPadding(false).update(block);
	}
	encrypt(block: ArrayBuffer, result: ArrayBuffer): void {
		wholeBuffer(result, 16).set(this.process(wholeBuffer(block, 16).subarray(0, 16), false));
	}
}

export class Mode {
	readonly #cipher: BlockCipher;
	#iv = new Uint8Array(16);

	constructor(name: string, cipher: BlockCipher) {
		if (name !== "CBC") throw new Error(name);
		this.#cipher = cipher;
	}
	setIV(iv: ArrayBuffer): void {
		this.#iv = wholeBuffer(iv, 16).slice(0, 16);
	}
	encrypt(bytes: Bytes, result: ArrayBuffer): void {
		const text = viewOf(bytes);
		this.#process(text, wholeBuffer(result, text.length), false);
	}
	decrypt(bytes: Bytes, result: Bytes): void {
		const text = viewOf(bytes);
		const out = viewOf(result);
		if (out.length < text.length) throw new RangeError("output too small");
		this.#process(text, out, true);
	}
	#process(text: Uint8Array, out: Uint8Array, decrypt: boolean): void {
		for (let at = 0; at + 16 <= text.length; at += 16) {
			const block = text.slice(at, at + 16);
			const result = decrypt ? xor(this.#cipher.process(block, true), this.#iv) : this.#cipher.process(xor(block, this.#iv), false);
			this.#iv = decrypt ? block : Uint8Array.from(result);
			out.set(result, at);
		}
	}
}

function xor(a: Uint8Array, b: Uint8Array): Uint8Array {
	return a.map((byte, i) => byte ^ b[i]);
}

/** What native() of crypt-native.ts, aes-native.ts and chacha-native.ts answers. */
export function native(name: string): (...given: never[]) => unknown {
	const natives: Record<string, (...given: never[]) => unknown> = {
		copyDigest,
		updateDigest,
		finishDigest,
		startHmac,
		finishHmac,
		maskChaCha,
		aesExpand,
		aesCcm,
		aesGcm,
		chachaPoly1305,
	};
	const found = natives[name.replace(/^xs_polltls_/, "")];
	if (found === undefined) throw new Error(name);
	return found;
}

/** The natives look neither at the kind nor beyond a place. */
function checkDigest({ name, hash }: Digest, kind: number): Hash {
	if (kind !== { sha1: 1, sha256: 256, sha384: 384, sha512: 512 }[name]) throw new Error(`wrong kind ${kind}`);
	if (hash === undefined) throw new Error("used after its end");
	return hash;
}

function place(bytes: Uint8Array, at: number, end: number): Uint8Array {
	if (!(at >= 0 && at <= end && end <= bytes.length)) throw new RangeError("no such place");
	return bytes.subarray(at, end);
}

function copyDigest(to: Digest, from: Digest, kind: number): void {
	if (to.name !== from.name) throw new Error("can't be copied");
	to.hash = checkDigest(from, kind).copy();
}

function updateDigest(digest: Digest, kind: number, bytes: Uint8Array, at: number, end: number): void {
	checkDigest(digest, kind).update(place(bytes, at, end));
}

function finishDigest(digest: Digest, kind: number, out: Uint8Array, at: number): void {
	const result = checkDigest(digest, kind).digest();
	place(out, at, at + result.length).set(result);
	digest.hash = undefined;
}

function startHmac(work: Digest, inner: Digest, outer: Digest, kind: number, key: Uint8Array, at: number, end: number): void {
	const blockLength = kind <= 256 ? 64 : 128;
	const block = new Uint8Array(blockLength);
	const taken = place(key, at, end);
	block.set(taken.length > blockLength ? createHash(work.name).update(taken).digest() : taken);
	inner.reset();
	checkDigest(inner, kind).update(block.map((byte) => byte ^ 0x36));
	outer.reset();
	checkDigest(outer, kind).update(block.map((byte) => byte ^ 0x5c));
	copyDigest(work, inner, kind);
}

function finishHmac(work: Digest, inner: Digest, outer: Digest, kind: number, out: Uint8Array, at: number): void {
	const result = checkDigest(outer, kind).copy().update(checkDigest(work, kind).digest()).digest();
	place(out, at, at + result.length).set(result);
	copyDigest(work, inner, kind);
}

/** The expanded key: its length, and the key itself. */
function aesExpand(expanded: Uint8Array, key: Uint8Array, at: number, length: number): void {
	if (expanded.length < 260) throw new RangeError("no room for an expanded key");
	expanded[0] = length;
	expanded.set(place(key, at, at + length), 1);
}

/** The arguments of an AEAD's native behind the key: tag's length, nonce, additional data, its length, bytes, at, end, whether to seal. */
type Given = [number, Uint8Array, Uint8Array, number, Uint8Array, number, number, boolean];

function runAead(name: string, key: Uint8Array, ...given: Given): boolean {
	const [tagLength, nonce, additional, additionalLength, bytes, at, end, seal] = given;
	const iv = place(nonce, 0, 12);
	const textEnd = seal ? end : end - tagLength;
	const text = place(bytes, at, textEnd);
	const tag = place(bytes, textEnd, textEnd + tagLength);
	const begin = <T extends CipherGCM | DecipherGCM>(cipher: T): T => {
		cipher.setAAD(place(additional, 0, additionalLength), { plaintextLength: text.length });
		return cipher;
	};
	const options = { authTagLength: tagLength };
	if (seal) {
		const cipher = begin(createCipheriv(name as "aes-128-gcm", key, iv, options));
		text.set(cipher.update(text));
		cipher.final();
		tag.set(cipher.getAuthTag());
		return true;
	}
	const decipher = begin(createDecipheriv(name as "aes-128-gcm", key, iv, options).setAuthTag(tag));
	try {
		const opened = decipher.update(text);
		decipher.final();
		text.set(opened);
		return true;
	} catch {
		return false;
	}
}

function keyOf(expanded: Uint8Array): Uint8Array {
	if (expanded[0] === 0) throw new Error("no key");
	return expanded.subarray(1, 1 + expanded[0]);
}

function aesCcm(expanded: Uint8Array, ...given: Given): boolean {
	const key = keyOf(expanded);
	return runAead(`aes-${8 * key.length}-ccm`, key, ...given);
}

function aesGcm(expanded: Uint8Array, ...given: Given): boolean {
	const key = keyOf(expanded);
	return runAead(`aes-${8 * key.length}-gcm`, key, ...given);
}

function chachaPoly1305(key: Uint8Array, ...given: Given): boolean {
	return runAead("chacha20-poly1305", key, ...given);
}

function maskChaCha(key: Uint8Array, bytes: Uint8Array, at: number, out: Uint8Array): void {
	out.set(createCipheriv("chacha20", key, bytes.subarray(at, at + 16)).update(new Uint8Array(5)));
}
