// Block ciphers of TLS 1.2 with an HMAC (RFC 5246 6.2.3.2): encrypt-then-MAC (RFC 7366), and the older MAC-then-encrypt,
// opened so that neither an answer nor the amount of work tells anything about the padding (Vaudenay 2002, Lucky 13).

import { equalConstantTime, wipe } from "../base/bytes.js";
import type { Registry } from "../crypto/registry.js";
import type { Suite } from "../crypto/suites.js";
import type { TrafficKeys } from "../crypto/traffic-keys.js";
import type { BlockCipher, Hash, HashAlgorithm, Hmac } from "../crypto/types.js";
import { type Cipher12, encodeLength12, numberAt12 } from "./cipher12.js";
import { OPEN_BAD_MAC, takeKey } from "./protection.js";

const BLOCK = 16;
/** Padding is 1 to 256 bytes, each of which says how many others there are. */
const PADDING_MAX = 256;
/** What the MAC of a record with the longest padding hashes less than that of one with the shortest: whole blocks of its hash. */
const SURPLUS_MAX = 256;
/** What the mask of the IVs is the HMAC of: shorter than anything that a record's MAC covers. */
const ivLabel: Readonly<Uint8Array> = new Uint8Array([0x69, 0x76]);

/** What both orders have in common: keys, IVs, padding. */
class Cbc {
	readonly cipher: BlockCipher;
	readonly hmac: Hmac;
	/** The MAC that should be. */
	readonly mac: Uint8Array;
	readonly iv = new Uint8Array(BLOCK);
	readonly #zeros = new Uint8Array(BLOCK);
	readonly #mask = new Uint8Array(BLOCK);

	constructor(cipher: BlockCipher, hash: HashAlgorithm, keys: TrafficKeys) {
		this.cipher = cipher;
		this.hmac = hash.createHmac();
		this.mac = new Uint8Array(hash.hashLength);
		takeKey(cipher, keys.key);
		let ready = false;
		try {
			this.hmac.setKey(keys.macKey, 0, hash.hashLength);
			this.hmac.update(ivLabel as Uint8Array, 0, ivLabel.length);
			this.hmac.digest(this.mac, 0);
			ready = true;
		} finally {
			if (!ready) {
				cipher.wipe();
				this.hmac.wipe();
			}
		}
		for (let i = 0; i < BLOCK; i++) this.#mask[i] = this.mac[i];
	}

	/**
	 * Pads and encrypts [at + BLOCK, end); answers where that then ends. The IV is the encryption of the record's number
	 * under a secret mask: nobody can foretell it and none comes twice (NIST SP 800-38A, appendix C).
	 */
	encrypt(head: Uint8Array, bytes: Uint8Array, at: number, end: number): number {
		const padding = BLOCK - ((end - at) % BLOCK);
		for (let i = 0; i < padding; i++) bytes[end + i] = padding - 1;
		for (let i = 0; i < BLOCK; i++) bytes[at + i] = this.#mask[i];
		const numberAt = numberAt12(head);
		for (let i = 0; i < 8; i++) bytes[at + i] ^= head[numberAt + i];
		// with zeros in front, the first block becomes the IV of the others
		this.cipher.encrypt(this.#zeros, bytes, at, end + padding);
		return end + padding;
	}

	/** Decrypts the fragment at [at, end): IV and whole blocks. */
	decrypt(bytes: Uint8Array, at: number, end: number): void {
		for (let i = 0; i < BLOCK; i++) this.iv[i] = bytes[at + i];
		this.cipher.decrypt(this.iv, bytes, at + BLOCK, end);
	}

	/** Puts the MAC of the head with this length and of [at, end) into mac. */
	authenticate(head: Uint8Array, length: number, bytes: Uint8Array, at: number, end: number): void {
		encodeLength12(head, length);
		this.hmac.update(head, 0, head.length);
		this.hmac.update(bytes, at, end);
		this.hmac.digest(this.mac, 0);
	}

	wipe(): void {
		this.cipher.wipe();
		this.hmac.wipe();
		wipe(this.mac);
		wipe(this.iv);
		wipe(this.#mask);
	}
}

/**
 * The bytes of padding at the end of [at, end) of bytes, 1 to 256, if it is right and leaves reserve bytes in front of it;
 * else 0. Looks at the same bytes whatever they are.
 */
function paddingLength(bytes: Uint8Array, at: number, end: number, reserve: number): number {
	const most = end - at - reserve - 1; // what the last byte may say
	const count = Math.min(PADDING_MAX, most + 1);
	const padding = bytes[end - 1];
	let wrong = (most - padding) >> 31;
	for (let i = 0; i < count; i++) wrong |= (bytes[end - 1 - i] ^ padding) & ((i - padding - 1) >> 31);
	const right = ~(wrong | -wrong) >> 31;
	return (padding + 1) & right;
}

/** RFC 7366: the MAC covers the IV and the ciphertext; nothing is decrypted before it is right. */
class EncryptThenMac implements Cipher12 {
	readonly prefix = BLOCK;
	readonly expansion: number;
	readonly #cbc: Cbc;
	readonly #macLength: number;

	constructor(cbc: Cbc) {
		this.#cbc = cbc;
		this.#macLength = cbc.mac.length;
		this.expansion = BLOCK + this.#macLength;
	}

	seal(head: Uint8Array, bytes: Uint8Array, at: number, contentEnd: number): number {
		const cbc = this.#cbc;
		const end = cbc.encrypt(head, bytes, at, contentEnd);
		cbc.authenticate(head, end - at, bytes, at, end);
		for (let i = 0; i < this.#macLength; i++) bytes[end + i] = cbc.mac[i];
		return end + this.#macLength;
	}

	open(head: Uint8Array, bytes: Uint8Array, at: number, end: number): number {
		const cbc = this.#cbc;
		const macAt = end - this.#macLength;
		if (macAt - at < 2 * BLOCK || (macAt - at) % BLOCK !== 0) return OPEN_BAD_MAC;
		cbc.authenticate(head, macAt - at, bytes, at, macAt);
		if (equalConstantTime(cbc.mac, 0, bytes, macAt, this.#macLength) === 0) return OPEN_BAD_MAC;
		cbc.decrypt(bytes, at, macAt);
		const padding = paddingLength(bytes, at + BLOCK, macAt, 0);
		return padding === 0 ? OPEN_BAD_MAC : macAt - padding;
	}

	wipe(): void {
		this.#cbc.wipe();
	}
}

/** RFC 5246 6.2.3.2: the MAC covers the content and is encrypted with it, padding behind. */
class MacThenEncrypt implements Cipher12 {
	readonly prefix = BLOCK;
	readonly expansion: number;
	readonly #cbc: Cbc;
	readonly #macLength: number;
	/** The hash's block as a power of 2. */
	readonly #shift: number;
	/** The MAC that stands in the record, and room to turn it. */
	readonly #found: Uint8Array;
	readonly #turned: Uint8Array;
	/** Does what the MAC of a longer content would have done. */
	readonly #surplus: Hash;
	readonly #zeros = new Uint8Array(SURPLUS_MAX);

	constructor(cbc: Cbc, hash: HashAlgorithm) {
		this.#cbc = cbc;
		this.#macLength = hash.hashLength;
		this.expansion = BLOCK + hash.hashLength;
		this.#shift = 31 - Math.clz32(hash.blockLength);
		this.#found = new Uint8Array(hash.hashLength);
		this.#turned = new Uint8Array(hash.hashLength);
		this.#surplus = hash.create();
	}

	seal(head: Uint8Array, bytes: Uint8Array, at: number, contentEnd: number): number {
		const cbc = this.#cbc;
		const contentAt = at + BLOCK;
		cbc.authenticate(head, contentEnd - contentAt, bytes, contentAt, contentEnd);
		for (let i = 0; i < this.#macLength; i++) bytes[contentEnd + i] = cbc.mac[i];
		return cbc.encrypt(head, bytes, at, contentEnd + this.#macLength);
	}

	/**
	 * With wrong padding a MAC is checked all the same, as if the padding had one byte, and the number of blocks that are
	 * hashed depends on the record's length alone.
	 */
	open(head: Uint8Array, bytes: Uint8Array, at: number, end: number): number {
		const cbc = this.#cbc;
		const macLength = this.#macLength;
		const contentAt = at + BLOCK;
		if (end - contentAt < macLength + 1 || (end - at) % BLOCK !== 0) return OPEN_BAD_MAC;
		cbc.decrypt(bytes, at, end);
		const padding = paddingLength(bytes, contentAt, end, macLength);
		const right = -padding >> 31;
		const macAt = end - macLength - (padding | (~right & 1));
		cbc.authenticate(head, macAt - contentAt, bytes, contentAt, macAt);
		this.hashSurplus(head.length, macAt - contentAt, end - contentAt - macLength - 1);
		this.copyMac(bytes, contentAt, end, macAt);
		const equal = -equalConstantTime(cbc.mac, 0, this.#found, 0, macLength);
		return equal & right ? macAt : OPEN_BAD_MAC;
	}

	wipe(): void {
		this.#cbc.wipe();
		wipe(this.#found);
		wipe(this.#turned);
	}

	/** Hashes as many blocks as the MAC of longest bytes has more than that of length. */
	private hashSurplus(headLength: number, length: number, longest: number): void {
		const shift = this.#shift;
		const tail = headLength + ((1 << shift) >> 3); // behind the content the hash's own length field
		const blocks = ((longest + tail) >> shift) - ((length + tail) >> shift);
		this.#surplus.update(this.#zeros, 0, blocks << shift);
	}

	/** Copies the MAC at macAt to found; touches the same bytes wherever it stands. */
	private copyMac(bytes: Uint8Array, contentAt: number, end: number, macAt: number): void {
		const length = this.#macLength;
		let found = this.#found;
		let turned = this.#turned;
		found.fill(0);
		let offset = 0;
		let j = 0;
		for (let i = Math.max(contentAt, end - length - PADDING_MAX); i < end; i++) {
			const inside = ((macAt - 1 - i) & (i - macAt - length)) >> 31;
			const first = (((i - macAt) | (macAt - i)) >> 31) ^ -1;
			found[j] |= bytes[i] & inside;
			offset |= j & first;
			if (++j === length) j = 0;
		}
		// The MAC's first byte is at offset: turns it to the front, a bit of the offset at a time
		for (let step = 1; step < length; step <<= 1, offset >>= 1) {
			const stay = (offset & 1) - 1;
			for (let i = 0; i < length; i++) {
				const other = i + step < length ? i + step : i + step - length;
				turned[i] = (found[i] & stay) | (found[other] & ~stay);
			}
			const last = found;
			found = turned;
			turned = last;
		}
		for (let i = 0; i < length; i++) this.#found[i] = found[i];
	}
}

/** The suite's cipher and hash must be registered: the offer was filtered by them. */
export function createCbc12(registry: Registry, keys: TrafficKeys, suite: Suite): Cipher12 {
	const algorithm = registry.blockCipher(suite.bulk);
	const hash = registry.hash(suite.mac);
	if (algorithm === undefined || hash === undefined) throw new Error("the negotiated cipher is not registered");
	const cbc = new Cbc(algorithm.create(), hash, keys);
	return keys.encryptThenMac ? new EncryptThenMac(cbc) : new MacThenEncrypt(cbc, hash);
}
