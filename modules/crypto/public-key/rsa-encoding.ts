// The encoded messages of RSA signatures as integers: EMSA-PKCS1-v1_5 and EMSA-PSS (RFC 8017 section 9). For the RSA
// jobs. As integers, because the engine compares, shifts and XORs those in one go: byte loops over a modulus' length
// cost more on XS than several multiplications.

import { equalPublic } from "../../base/bytes.js";
import { type HashAlgorithm, sha256 } from "../types.js";
import { decodeInteger, encodeInteger } from "./integer.js";

/** The DER DigestInfo before the digest (RFC 8017 9.2, note 1), but for its lengths and the hash's last OID byte. */
const DIGEST_INFO: readonly number[] = Object.freeze([0x30, 0, 0x30, 0x0d, 6, 9, 0x60, 0x86, 0x48, 1, 0x65, 3, 4, 2, 0, 5, 0, 4, 0]);

/** EM = 00 01 ff .. ff 00 DigestInfo digest, for a modulus of length bytes. */
export function encodePkcs1(length: number, hash: HashAlgorithm, digest: Uint8Array): bigint {
	const { id, hashLength } = hash;
	const encoded = new Uint8Array(length);
	const digestAt = length - hashLength;
	const infoAt = digestAt - DIGEST_INFO.length;
	encoded[1] = 1;
	encoded.fill(0xff, 2, infoAt - 1);
	for (let i = 0; i < DIGEST_INFO.length; i++) encoded[infoAt + i] = DIGEST_INFO[i];
	encoded[infoAt + 1] = 17 + hashLength;
	encoded[infoAt + 14] = 1 + id - sha256; // id-sha256, id-sha384 and id-sha512 end in 1, 2, 3
	encoded[infoAt + 18] = hashLength;
	for (let i = 0; i < hashLength; i++) encoded[digestAt + i] = digest[i];
	return decodeInteger(encoded, 0, length);
}

/** What one block of the mask costs, in the microseconds of Montgomery.cost, with a native hash. */
const BLOCK_COST = 10;

/**
 * EMSA-PSS with MGF1 on the same hash and a salt as long as the hash, one hash per call.
 *
 *     pss.encode(key.bits, hash, digest, salt);      // or pss.check(key.bits, hash, digest, recovered)
 *     while (!pss.done) pss.advance();
 *     sign(pss.message);                             // or pss.right
 */
export class PssEncoding {
	/** EM: what is to be signed (encode), what was recovered (check). */
	message = 0n;
	/** After check is done: whether it holds. */
	right = false;
	done = true;
	#encodes = false;
	#hash: HashAlgorithm | undefined;
	/** EM's size in bits: one less than the modulus. */
	#bits = 0;
	/** mHash; the salt; H, the hash of both, from which the mask is made. */
	#digest: Uint8Array = new Uint8Array(0);
	#salt: Uint8Array = new Uint8Array(0);
	#hashed: Uint8Array = new Uint8Array(0);
	/** MGF1's output, in whole hashes; how much of it there is. */
	#mask: Uint8Array = new Uint8Array(0);
	#maskLength = 0;
	readonly #counter = new Uint8Array(4);

	/** EMSA-PSS-ENCODE (RFC 8017 9.1.1) of a digest for a modulus of modulusBits; the salt is hashLength bytes. */
	encode(modulusBits: number, hash: HashAlgorithm, digest: Uint8Array, salt: Uint8Array): void {
		this.start(modulusBits, hash, digest);
		this.#encodes = true;
		this.#salt = salt;
		this.hashSalted(this.#hashed);
	}

	/** EMSA-PSS-VERIFY (RFC 8017 9.1.2) of what was recovered from a signature. */
	check(modulusBits: number, hash: HashAlgorithm, digest: Uint8Array, recovered: bigint): void {
		this.start(modulusBits, hash, digest);
		this.#encodes = false;
		this.message = recovered;
		this.right = false;
		encodeInteger((recovered >> 8n) & ((1n << BigInt(8 * hash.hashLength)) - 1n), this.#hashed, 0, hash.hashLength);
		// The trailer, and the bits above EM's
		if ((recovered & 0xffn) !== 0xbcn || recovered >> BigInt(this.#bits) !== 0n) this.done = true;
	}

	private start(modulusBits: number, hash: HashAlgorithm, digest: Uint8Array): void {
		const { hashLength } = hash;
		const length = (modulusBits + 6) >> 3; // of EM
		this.#hash = hash;
		this.#bits = modulusBits - 1;
		this.#digest = digest;
		this.#hashed = new Uint8Array(hashLength);
		this.#mask = new Uint8Array(hashLength * Math.ceil((length - hashLength - 1) / hashLength));
		this.#maskLength = 0;
		this.#counter[3] = 0; // at most 16 blocks: 512 bytes in hashes of 32
		this.done = false;
	}

	/** One block of MGF1 (RFC 8017 B.2.1), and after the last the rest; answers its cost as Montgomery.cost does. */
	advance(): number {
		const hash = this.#hash!;
		const running = hash.create();
		running.update(this.#hashed, 0, hash.hashLength);
		running.update(this.#counter, 0, 4);
		running.digest(this.#mask, this.#maskLength);
		this.#counter[3]++;
		this.#maskLength += hash.hashLength;
		if (this.#maskLength < this.#mask.length) return BLOCK_COST;
		this.done = true;
		this.finish();
		return 3 * BLOCK_COST;
	}

	/** DB = 00 .. 00 01 salt; EM = (DB ^ mask) H bc, where the bits of DB above EM's size stay zero. */
	private finish(): void {
		const { hashLength } = this.#hash!;
		const hashBits = BigInt(8 * hashLength);
		const below = hashBits + 8n; // the size of H and the trailer
		const whole = (1n << (BigInt(this.#bits) - below)) - 1n;
		const length = ((this.#bits + 7) >> 3) - hashLength - 1;
		const mask = decodeInteger(this.#mask, 0, length) & whole;
		if (this.#encodes) {
			const block = (1n << hashBits) | decodeInteger(this.#salt, 0, hashLength);
			this.message = ((block ^ mask) << below) | (decodeInteger(this.#hashed, 0, hashLength) << 8n) | 0xbcn;
			return;
		}
		const block = (this.message >> below) ^ mask;
		if (block >> hashBits !== 1n) return;
		this.#salt = new Uint8Array(hashLength);
		encodeInteger(block & ((1n << hashBits) - 1n), this.#salt, 0, hashLength);
		const expected = new Uint8Array(hashLength);
		this.hashSalted(expected);
		this.right = equalPublic(expected, 0, hashLength, this.#hashed, 0, hashLength);
	}

	/** H = Hash(00 * 8 || digest || salt). */
	private hashSalted(out: Uint8Array): void {
		const { hashLength } = this.#hash!;
		const running = this.#hash!.create();
		running.update(new Uint8Array(8), 0, 8);
		running.update(this.#digest, 0, hashLength);
		running.update(this.#salt, 0, hashLength);
		running.digest(out, 0);
	}
}
