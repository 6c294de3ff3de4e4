// A stand-in for the Moddable SDK's module crypt and for crypt-native.c, on node:crypto: so that the provider on them
// is tested where there is no SDK. As strict as the natives about what is a whole ArrayBuffer, or stricter.

import { type Cipher, createCipheriv, createDecipheriv, createHash, type Hash } from "node:crypto";
import { ghash } from "@noble/ciphers/_polyval.js";

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

export class GHASH {
	#h = new Uint8Array(0);
	#additional = new Uint8Array(0);
	#text = new Uint8Array(0);

	constructor(h: ArrayBuffer) {
		this._init(h);
	}
	_init(h: ArrayBuffer, additional?: ArrayBuffer): void {
		this.#h = wholeBuffer(h, 16).slice();
		this.#additional = additional === undefined ? new Uint8Array(0) : wholeBuffer(additional, 0).slice();
		this.#text = new Uint8Array(0);
	}
	write(bytes: Bytes): void {
		if (this.#text.length > 0) throw new Error("the native would fill up the first piece with zeros");
		this.#text = viewOf(bytes).slice();
	}
	close(): ArrayBuffer {
		const textAt = (this.#additional.length + 15) & ~15;
		const lengthsAt = textAt + ((this.#text.length + 15) & ~15);
		const all = new Uint8Array(lengthsAt + 16);
		all.set(this.#additional);
		all.set(this.#text, textAt);
		new DataView(all.buffer).setUint32(lengthsAt + 4, this.#additional.length * 8);
		new DataView(all.buffer).setUint32(lengthsAt + 12, this.#text.length * 8);
		return bufferOf(ghash(all, this.#h));
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
	readonly #name: string;
	readonly #cipher: BlockCipher;
	#iv = new Uint8Array(16);
	#stream = new Uint8Array(0);

	constructor(name: string, cipher: BlockCipher) {
		this.#name = name;
		this.#cipher = cipher;
	}
	setIV(iv: ArrayBuffer): void {
		this.#iv = wholeBuffer(iv, 16).slice(0, 16);
		this.#stream = new Uint8Array(0);
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
		if (this.#name === "CTR") {
			for (let i = 0; i < text.length; i++) out[i] = text[i] ^ this.#next();
			return;
		}
		for (let at = 0; at + 16 <= text.length; at += 16) {
			const block = text.slice(at, at + 16);
			const result = decrypt ? xor(this.#cipher.process(block, true), this.#iv) : this.#cipher.process(xor(block, this.#iv), false);
			this.#iv = decrypt ? block : Uint8Array.from(result);
			out.set(result, at);
		}
	}
	#next(): number {
		if (this.#stream.length === 0) {
			this.#stream = Uint8Array.from(this.#cipher.process(this.#iv, false));
			let i = 15;
			do this.#iv[i]++;
			while (this.#iv[i] === 0 && --i >= 0);
		}
		const byte = this.#stream[0];
		this.#stream = this.#stream.subarray(1);
		return byte;
	}
}

function xor(a: Uint8Array, b: Uint8Array): Uint8Array {
	return a.map((byte, i) => byte ^ b[i]);
}

export class StreamCipher {
	readonly #key: Uint8Array;
	#cipher: Cipher | undefined;

	constructor(name: string, key: ArrayBuffer) {
		if (name !== "ChaCha") throw new Error(name);
		this.#key = wholeBuffer(key, 32).slice(0, 32);
	}
	setIV(iv: ArrayBuffer, counter: number, useIv: boolean): void {
		if (!useIv || counter < 0 || counter > 0x7fffffff) throw new Error("the native would spoil the nonce");
		const whole = new Uint8Array(16);
		new DataView(whole.buffer).setUint32(0, counter, true);
		whole.set(wholeBuffer(iv, 12).subarray(0, 12), 4);
		this.#cipher = createCipheriv("chacha20", this.#key, whole);
	}
	decrypt(bytes: Bytes, result: Bytes): void {
		if (this.#cipher === undefined) throw new Error("no IV");
		viewOf(result).set(this.#cipher.update(viewOf(bytes)));
	}
}

/** What native() of crypt-native.ts and aes-native.ts answers. */
export function native(name: string): (...given: never[]) => unknown {
	const found = { copyDigest, updateDigest, finishDigest, startHmac, finishHmac, maskChaCha, aesExpand, aesCcm }[name.replace(/^xs_polltls_/, "")];
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
	if (expanded.length < 244) throw new RangeError("no room for an expanded key");
	expanded[0] = length;
	expanded.set(place(key, at, at + length), 1);
}

function aesCcm(
	expanded: Uint8Array,
	tagLength: number,
	nonce: Uint8Array,
	additional: Uint8Array,
	additionalLength: number,
	bytes: Uint8Array,
	at: number,
	end: number,
	seal: boolean,
): boolean {
	if (expanded[0] === 0) throw new Error("no key");
	const key = expanded.subarray(1, 1 + expanded[0]);
	const name = key.length === 16 ? "aes-128-ccm" : "aes-256-ccm";
	const iv = place(nonce, 0, 12);
	const aad = place(additional, 0, additionalLength);
	const textEnd = seal ? end : end - tagLength;
	const text = place(bytes, at, textEnd);
	const tag = place(bytes, textEnd, textEnd + tagLength);
	if (seal) {
		const cipher = createCipheriv(name, key, iv, { authTagLength: tagLength }).setAAD(aad, { plaintextLength: text.length });
		text.set(cipher.update(text));
		cipher.final();
		tag.set(cipher.getAuthTag());
		return true;
	}
	const decipher = createDecipheriv(name, key, iv, { authTagLength: tagLength }).setAAD(aad, { plaintextLength: text.length });
	decipher.setAuthTag(tag);
	try {
		text.set(decipher.update(text));
		decipher.final();
		return true;
	} catch {
		return false;
	}
}

function maskChaCha(key: Uint8Array, bytes: Uint8Array, at: number, out: Uint8Array): void {
	out.set(createCipheriv("chacha20", key, bytes.subarray(at, at + 16)).update(new Uint8Array(5)));
}
