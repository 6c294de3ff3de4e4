// Public-key algorithms on the PSA Crypto API: X25519, Diffie-Hellman and ECDSA on P-256 and P-384, RSA. Each operation
// is one step, which is not sliced: nothing else runs on the device meanwhile (unsliced has its microseconds). Private keys of key
// exchanges are made in the library and never leave it, unless the connection has an entropy of its own: then they are drawn from that. Keys
// to sign by: bytes, or a PsaPrivateKey, which is in the library only.

import { copy, wipe } from "polltls/base/bytes";
import { DER_INTEGER, DER_SEQUENCE, openDer, takeDerUnsigned } from "polltls/base/der";
import { Reader } from "polltls/base/reader";
import { DONE, WORKING } from "polltls/base/status";
import { digestMessage } from "polltls/crypto/public-key/digest";
import { ecdsaHash, ecdsaSchemes } from "polltls/crypto/public-key/ecdsa-scheme";
import { keyShareRefused, privateKeyRefused, publicKeyRefused, signatureOutcome } from "polltls/crypto/public-key/outcome";
import { RsaPrivateKey, RsaPublicKey, rsaLimits } from "polltls/crypto/public-key/rsa-key";
import { rsaSchemeOf } from "polltls/crypto/public-key/rsa-scheme";
import {
	type Hashes,
	KEY_P256,
	KEY_P384,
	KEY_RSA,
	KEY_RSA_PSS,
	type KeyExchange,
	type KeyExchangeAlgorithm,
	type KeyType,
	type PrivateKey,
	type PublicKey,
	type SignatureAlgorithm,
	type SignJob,
	sha256,
	type VerifyJob,
} from "polltls/crypto/types";
import type { Entropy } from "polltls/os/os";
import { nativeEntropy } from "../entropy.js";
import { PsaPrivateKey } from "./private-key-psa.js";
import { PSA_AGREEMENT, PSA_ECDSA, PSA_KEY_REFUSED, PSA_RIGHT, PSA_RSA_PKCS1, PSA_RSA_PSS, PsaNative } from "./psa-native.js";

/** How often a private key is drawn: one in 2^32 is out of range on P-256. */
const DRAWS = 4;
/** The longest signature and modulus: RSA of 4096 bits. */
const SIGNATURE_LENGTH = 512;
const DIGEST_LENGTH = 64;
/** A budget, in units, for more than one operation. */
const BOTH = 500;
const PSA_X25519 = PSA_AGREEMENT + 29;

// What is to be done in the step
const ENDED = 0;
const SHARE = 1;
const RESPOND = 2;
const AGREE = 3;

/** A KeyExchange whose private key is a handle. */
class PsaKeyExchange implements KeyExchange {
	readonly share: Uint8Array;
	readonly shareLength: number;
	readonly secret: Uint8Array;
	readonly secretLength: number;
	readonly #kind: number;
	readonly #key = PsaNative.createKey();
	/** The peer's share, and its length: -1 where it has a wrong one. */
	readonly #peer: Uint8Array;
	#peerLength = -1;
	#work = ENDED;
	#outcome = keyShareRefused(); // of a job without work
	#hasPrivate = false;

	constructor(group: number, shareLength: number, secretLength: number) {
		this.#kind = PSA_AGREEMENT + group;
		this.shareLength = shareLength;
		this.share = new Uint8Array(shareLength);
		this.secretLength = secretLength;
		this.secret = new Uint8Array(secretLength);
		this.#peer = new Uint8Array(shareLength);
	}

	begin(entropy: Entropy): void {
		this.wipe();
		this.draw(entropy);
		this.#work = SHARE;
	}

	respond(entropy: Entropy, peer: Uint8Array, at: number, end: number): void {
		this.wipe();
		this.draw(entropy);
		this.take(peer, at, end);
		this.#work = RESPOND;
	}

	receive(peer: Uint8Array, at: number, end: number): void {
		if (!this.#hasPrivate) return; // begin was not called, or its work was wiped: step() refuses
		this.take(peer, at, end);
		this.#work = AGREE;
	}

	step(budget: number): number {
		do this.advance();
		while (this.#work !== ENDED && budget >= BOTH);
		return this.#outcome;
	}

	wipe(): void {
		this.forget();
		wipe(this.share);
		wipe(this.secret);
		this.#work = ENDED;
		this.#outcome = keyShareRefused();
	}

	private advance(): void {
		const work = this.#work;
		this.#work = ENDED;
		if (work === SHARE || work === RESPOND) {
			PsaNative.share(this.#key, this.share, this.shareLength);
			this.#outcome = work === SHARE ? DONE : WORKING;
			if (work === RESPOND) this.#work = AGREE;
		} else if (work === AGREE) {
			const agreed = this.agree();
			if (!agreed) wipe(this.secret); // the library may leave anything there
			this.#outcome = agreed ? DONE : keyShareRefused();
			this.forget();
		}
	}

	/** Where the host's own generator is asked for, the library makes the key inside. Else scalars out of range (FIPS 186-5 A.2.2: testing candidates) are drawn again. */
	private draw(entropy: Entropy): void {
		if (entropy === nativeEntropy) {
			entropy.fill(this.share, 0, 0); // throws where the platform has none now
			this.#hasPrivate = PsaNative.generateKey(this.#key, this.#kind, 0, 0);
			return;
		}
		const bytes = new Uint8Array(this.secretLength);
		for (let i = 0; i < DRAWS && !this.#hasPrivate; i++) {
			entropy.fill(bytes, 0, bytes.length);
			this.#hasPrivate = PsaNative.importKey(this.#key, this.#kind, bytes, 0);
		}
		wipe(bytes);
		if (!this.#hasPrivate) throw new Error("no private key in what the entropy gives");
	}

	private take(peer: Uint8Array, at: number, end: number): void {
		const right = end - at === this.shareLength && (this.#kind === PSA_X25519 || peer[at] === 4);
		this.#peerLength = right ? end - at : -1;
		if (right) copy(this.#peer, 0, peer, at, end);
	}

	/** An X25519 secret that is all 0 comes of a share of small order: nobody is to take it (RFC 8446 7.4.2). */
	private agree(): boolean {
		const { secret } = this;
		if (this.#peerLength < 0 || !PsaNative.agree(this.#key, this.#peer, 0, this.#peerLength, secret, this.secretLength)) return false;
		if (this.#kind !== PSA_X25519) return true;
		let any = 0;
		for (let i = 0; i < secret.length; i++) any |= secret[i];
		return any !== 0;
	}

	private forget(): void {
		PsaNative.clearKey(this.#key);
		this.#hasPrivate = false;
		this.#peerLength = -1;
	}
}

/** What a signature is to be checked or made with. */
class PsaSignature {
	readonly digest = new Uint8Array(DIGEST_LENGTH);
	/** On the wire of the library: r and s side by side, or RSA's. */
	readonly raw: Uint8Array;
	rawLength = 0;
	/** PSA_ECDSA, ... */
	by = PSA_ECDSA;
	hash = 0;

	constructor(keyLength: number) {
		this.raw = new Uint8Array(keyLength > 0 ? 2 * keyLength : SIGNATURE_LENGTH);
	}

	/** Takes the scheme and the message; false if this kind of key can't make it, or the hash isn't registered. */
	take(keyType: KeyType, scheme: number, hashes: Hashes, message: Uint8Array, at: number, end: number, digested: boolean): boolean {
		const row = rsaSchemeOf(keyType, scheme);
		const isRsa = keyType === KEY_RSA || keyType === KEY_RSA_PSS;
		const hash = hashes.hash(isRsa ? (row?.hash ?? -1) : ecdsaHash(scheme));
		if (!hash) return false;
		this.by = isRsa ? (row?.pss ? PSA_RSA_PSS : PSA_RSA_PKCS1) : PSA_ECDSA;
		this.hash = hash.id;
		digestMessage(hash, message, at, end, digested, this.digest);
		return true;
	}

	wipe(): void {
		wipe(this.digest);
		wipe(this.raw);
		this.rawLength = 0;
	}
}

/** A VerifyJob; keyLength: that of a coordinate, or 0 for RSA. */
class PsaVerify implements VerifyJob {
	readonly #keyType: KeyType;
	readonly #keyLength: number;
	readonly #hashes: Hashes;
	readonly #signature: PsaSignature;
	#key: Uint8Array | undefined;
	#outcome = signatureOutcome(false);

	constructor(keyType: KeyType, keyLength: number, hashes: Hashes) {
		this.#keyType = keyType;
		this.#keyLength = keyLength;
		this.#hashes = hashes;
		this.#signature = new PsaSignature(keyLength);
	}

	/** A scheme that the key can't make, or whose hash isn't registered, is a wrong signature: the peer chose it. */
	start(
		scheme: number,
		key: PublicKey,
		message: Uint8Array,
		at: number,
		end: number,
		signature: Uint8Array,
		signatureAt: number,
		signatureEnd: number,
		digested = false,
	): void {
		this.wipe();
		this.#outcome = WORKING;
		const signatureLength = key.type === this.#keyType ? this.signatureLengthOf(key) : 0;
		if (signatureLength === 0) return; // step() finds no key: refused
		this.#key = key.bytes.slice(key.at, key.end);
		const right = this.#signature.take(this.#keyType, scheme, this.#hashes, message, at, end, digested);
		if (right && this.decode(signature, signatureAt, signatureEnd, signatureLength)) this.#signature.rawLength = signatureLength;
	}

	/** A key is imported even if its signature is wrong at first sight: a bad key is told first. */
	step(_budget: number): number {
		if (this.#outcome !== WORKING) return this.#outcome;
		const key = this.#key;
		let result = PSA_KEY_REFUSED;
		if (key) {
			const { by, hash, digest, raw, rawLength } = this.#signature;
			result = PsaNative.verify(by, hash === 0 ? sha256 : hash, key, key.length, digest, raw, rawLength);
		}
		this.wipe();
		this.#outcome = result === PSA_KEY_REFUSED ? publicKeyRefused() : signatureOutcome(result === PSA_RIGHT);
		return this.#outcome;
	}

	wipe(): void {
		this.#signature.wipe();
		this.#signature.hash = 0;
		this.#key = undefined;
		this.#outcome = signatureOutcome(false);
	}

	/** 0: the key's encoding is wrong, or it isn't within the limits. */
	private signatureLengthOf(key: PublicKey): number {
		const length = this.#keyLength;
		if (length > 0) return key.end - key.at === 1 + 2 * length && key.bytes[key.at] === 4 ? 2 * length : 0;
		const rsaKey = new RsaPublicKey();
		return rsaKey.decode(key.bytes, key.at, key.end, rsaLimits) ? rsaKey.length : 0;
	}

	private decode(bytes: Uint8Array, at: number, end: number, length: number): boolean {
		const { raw } = this.#signature;
		if (this.#keyLength > 0) return decodeEcdsa(bytes, at, end, raw, this.#keyLength);
		if (end - at !== length) return false;
		copy(raw, 0, bytes, at, end);
		return true;
	}
}

/** A SignJob; keyLength: that of a scalar, or 0 for RSA. */
class PsaSign implements SignJob {
	/** Room for the longest. */
	readonly signature: Uint8Array;
	signatureLength = 0;
	readonly #keyType: KeyType;
	readonly #keyLength: number;
	readonly #hashes: Hashes;
	readonly #signature: PsaSignature;
	#key: PrivateKey | undefined;
	#outcome = privateKeyRefused(); // of a job without work

	constructor(keyType: KeyType, keyLength: number, hashes: Hashes) {
		this.#keyType = keyType;
		this.#keyLength = keyLength;
		this.#hashes = hashes;
		this.#signature = new PsaSignature(keyLength);
		this.signature = new Uint8Array(keyLength > 0 ? 8 + 2 * (keyLength + 1) : SIGNATURE_LENGTH);
	}

	/** Throws for a scheme that the key can't make, or whose hash isn't registered. The key is used until the job ends. */
	start(scheme: number, key: PrivateKey, message: Uint8Array, at: number, end: number, _entropy: Entropy, digested = false): void {
		this.wipe();
		if (key.type !== this.#keyType || !this.#signature.take(key.type, scheme, this.#hashes, message, at, end, digested))
			throw new Error(`no signature scheme ${scheme} for key type ${key.type}`);
		this.#key = key;
		this.#outcome = WORKING;
	}

	step(_budget: number): number {
		if (this.#outcome === WORKING) {
			this.#outcome = this.sign() ? DONE : privateKeyRefused();
			this.forget();
		}
		return this.#outcome;
	}

	wipe(): void {
		this.forget();
		wipe(this.signature);
		this.signatureLength = 0;
		this.#outcome = privateKeyRefused();
	}

	private sign(): boolean {
		const key = this.#key as PrivateKey;
		const { by, hash, digest, raw } = this.#signature;
		const length = this.#keyLength;
		const written = key instanceof PsaPrivateKey ? key.sign(by, hash, digest, raw) : this.signWithBytes(key.bytes);
		if (written === PSA_KEY_REFUSED) return false;
		if (length > 0) this.signatureLength = encodeEcdsa(raw, length, this.signature);
		else {
			copy(this.signature, 0, raw, 0, written);
			this.signatureLength = written;
		}
		return true;
	}

	private signWithBytes(bytes: Uint8Array): number {
		const { by, hash, digest, raw } = this.#signature;
		const length = this.#keyLength;
		if (length > 0 ? bytes.length !== length : !isRsaKey(bytes)) return PSA_KEY_REFUSED;
		return PsaNative.sign(by, hash, bytes, bytes.length, digest, raw, raw.length);
	}

	private forget(): void {
		this.#signature.wipe();
		this.#key = undefined;
	}
}

function isRsaKey(bytes: Uint8Array): boolean {
	const key = new RsaPrivateKey();
	const right = key.decode(bytes, rsaLimits);
	key.wipe();
	return right;
}

/** Ecdsa-Sig-Value (RFC 3279 2.2.3) in strict DER, to r and s side by side. */
function decodeEcdsa(bytes: Uint8Array, at: number, end: number, out: Uint8Array, length: number): boolean {
	const reader = new Reader();
	reader.reset(bytes, at, end);
	const mark = openDer(reader, DER_SEQUENCE);
	const rAt = takeDerUnsigned(reader);
	const rEnd = reader.at;
	const sAt = takeDerUnsigned(reader);
	const sEnd = reader.at;
	reader.close(mark);
	if (!reader.finished() || rEnd - rAt > length || sEnd - sAt > length) return false;
	out.fill(0);
	copy(out, length - (rEnd - rAt), bytes, rAt, rEnd);
	copy(out, 2 * length - (sEnd - sAt), bytes, sAt, sEnd);
	return true;
}

/** The same back; answers its length. */
function encodeEcdsa(raw: Uint8Array, length: number, out: Uint8Array): number {
	const end = encodeInteger(raw, length, 2 * length, out, encodeInteger(raw, 0, length, out, 2));
	out[0] = DER_SEQUENCE;
	out[1] = end - 2; // 104 at most
	return end;
}

/** Writes an INTEGER at `to`; answers its end. */
function encodeInteger(raw: Uint8Array, at: number, end: number, out: Uint8Array, to: number): number {
	while (at < end - 1 && raw[at] === 0) at++;
	const sign = raw[at] >> 7;
	out[to] = DER_INTEGER;
	out[to + 1] = end - at + sign;
	out[to + 2] = 0;
	copy(out, to + 2 + sign, raw, at, end);
	return to + 2 + sign + end - at;
}

// Costs: microseconds on the Linux simulator (Mbed TLS 2.28), of both halves of an exchange; unsliced: of the longest step

export const psaX25519: KeyExchangeAlgorithm = Object.freeze({
	group: 29,
	clientShareLength: 32,
	serverShareLength: 32,
	cost: 1080,
	unsliced: 560,
	create: (): KeyExchange => new PsaKeyExchange(29, 32, 32),
});
export const psaSecp256r1: KeyExchangeAlgorithm = Object.freeze({
	group: 23,
	clientShareLength: 65,
	serverShareLength: 65,
	cost: 1340,
	unsliced: 680,
	create: (): KeyExchange => new PsaKeyExchange(23, 65, 32),
});
export const psaSecp384r1: KeyExchangeAlgorithm = Object.freeze({
	group: 24,
	clientShareLength: 97,
	serverShareLength: 97,
	cost: 2170,
	unsliced: 1100,
	create: (): KeyExchange => new PsaKeyExchange(24, 97, 48),
});

export const psaEcdsaP256: SignatureAlgorithm = Object.freeze({
	keyType: KEY_P256,
	schemes: ecdsaSchemes,
	unsliced: 1420,
	createVerify: (hashes: Hashes): VerifyJob => new PsaVerify(KEY_P256, 32, hashes),
	createSign: (hashes: Hashes): SignJob => new PsaSign(KEY_P256, 32, hashes),
});
export const psaEcdsaP384: SignatureAlgorithm = Object.freeze({
	keyType: KEY_P384,
	schemes: ecdsaSchemes,
	unsliced: 2300,
	createVerify: (hashes: Hashes): VerifyJob => new PsaVerify(KEY_P384, 48, hashes),
	createSign: (hashes: Hashes): SignJob => new PsaSign(KEY_P384, 48, hashes),
});
/** rsaEncryption keys of 2048 to 4096 bits. */
export const psaRsa: SignatureAlgorithm = Object.freeze({
	keyType: KEY_RSA,
	schemes: Object.freeze([0x0804, 0x0805, 0x0806, 0x0401, 0x0501, 0x0601]),
	unsliced: 28000,
	createVerify: (hashes: Hashes): VerifyJob => new PsaVerify(KEY_RSA, 0, hashes),
	createSign: (hashes: Hashes): SignJob => new PsaSign(KEY_RSA, 0, hashes),
});
/** id-RSASSA-PSS keys of 2048 to 4096 bits. */
export const psaRsaPss: SignatureAlgorithm = Object.freeze({
	keyType: KEY_RSA_PSS,
	schemes: Object.freeze([0x0809, 0x080a, 0x080b]),
	unsliced: 28000,
	createVerify: (hashes: Hashes): VerifyJob => new PsaVerify(KEY_RSA_PSS, 0, hashes),
	createSign: (hashes: Hashes): SignJob => new PsaSign(KEY_RSA_PSS, 0, hashes),
});
