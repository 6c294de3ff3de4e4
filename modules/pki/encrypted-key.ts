// Private keys under a password: EncryptedPrivateKeyInfo (RFC 5958 3) with PBES2 (RFC 8018 6.2), that is PBKDF2 with
// an HMAC, and AES-CBC. The many iterations are a sliced job.

import { copyOf } from "../base/bytes.js";
import { DER_INTEGER, DER_OCTET_STRING, DER_SEQUENCE, openDer, peekDer } from "../base/der.js";
import { ENCRYPTED_KEY_MALFORMED, ENCRYPTED_KEY_UNKNOWN, type Failure, NO_FAILURE, PASSWORD_WRONG } from "../base/failure.js";
import { Reader } from "../base/reader.js";
import { DONE, WORKING } from "../base/status.js";
import type { Registry } from "../crypto/registry.js";
import { AES_128_CBC, AES_256_CBC, type Hmac, type Job, sha1, sha256, sha384, sha512 } from "../crypto/types.js";
import { takeNull } from "./algorithm.js";
import { takeDerContents, takeDerSmall } from "./der-values.js";
import { PrivateKeyDecoder } from "./keys.js";
import { aes128_CBC, aes256_CBC, id_hmacWithSHA1, id_hmacWithSHA256, id_hmacWithSHA384, id_hmacWithSHA512, id_PBES2, id_PBKDF2, takeOid } from "./oid.js";
import { Place } from "./place.js";

/** Iterations of one unit of a step's budget: about as much work as a unit of public-key arithmetic. */
const ITERATIONS_PER_UNIT = 16;
const BLOCK = 16;

/** PBES2-params. */
class Parameters {
	readonly salt = new Place();
	iterations = 0;
	/** Length of the key in bytes; 0 if it isn't said. */
	keyLength = 0;
	/** Number of the hash in crypto/types, 0 for an unknown one. */
	hash = 0;
	/** AES_128_CBC, AES_256_CBC, or 0 for another. */
	cipher = 0;
	readonly iv = new Place();

	/** Passes over the AlgorithmIdentifier that must come next. */
	decode(reader: Reader): void {
		const mark = openDer(reader, DER_SEQUENCE);
		this.cipher = 0;
		this.hash = 0;
		if (takeOid(reader) === id_PBES2) {
			const parameters = openDer(reader, DER_SEQUENCE);
			this.decodeDerivation(reader);
			this.decodeCipher(reader);
			reader.close(parameters);
		} else reader.take(reader.end - reader.at);
		reader.close(mark);
	}

	private decodeDerivation(reader: Reader): void {
		const mark = openDer(reader, DER_SEQUENCE);
		if (takeOid(reader) === id_PBKDF2) {
			const parameters = openDer(reader, DER_SEQUENCE);
			takeDerContents(reader, DER_OCTET_STRING, this.salt);
			this.iterations = takeDerSmall(reader);
			if (this.iterations === 0) reader.failed = true;
			this.keyLength = peekDer(reader) === DER_INTEGER ? takeDerSmall(reader) : 0;
			this.hash = sha1; // the default
			if (reader.more()) {
				const algorithm = openDer(reader, DER_SEQUENCE);
				this.hash = hashOf(takeOid(reader));
				takeNull(reader);
				reader.close(algorithm);
			}
			reader.close(parameters);
		} else reader.take(reader.end - reader.at);
		reader.close(mark);
	}

	private decodeCipher(reader: Reader): void {
		const mark = openDer(reader, DER_SEQUENCE);
		const oid = takeOid(reader);
		if (oid === aes128_CBC) this.cipher = AES_128_CBC;
		else if (oid === aes256_CBC) this.cipher = AES_256_CBC;
		if (this.cipher !== 0) {
			takeDerContents(reader, DER_OCTET_STRING, this.iv);
			if (this.iv.end - this.iv.at !== BLOCK) reader.failed = true;
		} else reader.take(reader.end - reader.at);
		reader.close(mark);
	}
}

/**
 * Decrypts one key.
 *
 *     const job = new EncryptedKey(registry);
 *     job.start(der, password);
 *     let status: number;
 *     do status = job.step(8);
 *     while (status === WORKING);
 *     if (status === DONE) use(job.decoder.key);
 */
export class EncryptedKey implements Job {
	/** After DONE it holds the key. */
	readonly decoder = new PrivateKeyDecoder();
	readonly #registry: Registry;
	readonly #reader = new Reader();
	readonly #parameters = new Parameters();
	readonly #data = new Place();
	#bytes: Uint8Array = new Uint8Array(0);
	#hmac: Hmac | undefined = undefined;
	#failure: Failure = NO_FAILURE;
	/** The derived key, block by block of the hash's length, and the iteration at hand. */
	readonly #derived = new Uint8Array(128);
	readonly #round = new Uint8Array(64);
	#hashLength = 0;
	#keyLength = 0;
	#block = 0;
	#iteration = 0;

	constructor(registry: Registry) {
		this.#registry = registry;
	}

	/** Begins with EncryptedPrivateKeyInfo in DER, which must stay as it is, and the password's bytes (UTF-8), which are read before it returns. */
	start(bytes: Uint8Array, password: Uint8Array): void {
		this.wipe();
		this.#bytes = bytes;
		this.#failure = this.decode();
		if (this.#failure !== NO_FAILURE) return;
		this.#block = 0;
		this.#iteration = 0;
		this.#hmac?.setKey(password, 0, password.length);
	}

	private decode(): Failure {
		const reader = this.#reader;
		const parameters = this.#parameters;
		reader.reset(this.#bytes, 0, this.#bytes.length);
		const mark = openDer(reader, DER_SEQUENCE);
		parameters.decode(reader);
		takeDerContents(reader, DER_OCTET_STRING, this.#data);
		reader.close(mark);
		const length = this.#data.end - this.#data.at;
		const hash = this.#registry.hash(parameters.hash);
		const cipher = this.#registry.blockCipher(parameters.cipher);
		if (cipher !== undefined && parameters.keyLength !== 0 && parameters.keyLength !== cipher.keyLength) reader.failed = true;
		if (!reader.finished() || length === 0 || length % BLOCK !== 0) return ENCRYPTED_KEY_MALFORMED;
		if (hash === undefined || cipher === undefined) return ENCRYPTED_KEY_UNKNOWN;
		this.#hashLength = hash.hashLength;
		this.#keyLength = cipher.keyLength;
		this.#hmac = hash.createHmac();
		return NO_FAILURE;
	}

	/** Goes on: WORKING, DONE, or ENCRYPTED_KEY_MALFORMED, ENCRYPTED_KEY_UNKNOWN (another method), PASSWORD_WRONG. */
	step(budget: number): number {
		if (this.#failure !== NO_FAILURE) return this.#failure;
		const hmac = this.#hmac;
		if (hmac === undefined) throw new Error("nothing was started");
		for (let i = budget * ITERATIONS_PER_UNIT; i > 0; i--) {
			if (this.#block * this.#hashLength >= this.#keyLength) return this.decrypt();
			this.iterate(hmac);
		}
		return WORKING;
	}

	wipe(): void {
		this.#hmac?.wipe();
		this.#hmac = undefined;
		this.#derived.fill(0);
		this.#round.fill(0);
	}

	/** PBKDF2 (RFC 8018 5.2): T = U1 ^ U2 ^ ..., U1 from the salt and the block's number, each other from the one before. */
	private iterate(hmac: Hmac): void {
		const round = this.#round;
		const at = this.#block * this.#hashLength;
		if (this.#iteration === 0) {
			const { salt } = this.#parameters;
			hmac.update(this.#bytes, salt.at, salt.end);
			round[0] = round[1] = round[2] = 0;
			round[3] = this.#block + 1;
			hmac.update(round, 0, 4);
		} else hmac.update(round, 0, this.#hashLength);
		hmac.digest(round, 0);
		for (let i = 0; i < this.#hashLength; i++) this.#derived[at + i] ^= round[i];
		if (++this.#iteration < this.#parameters.iterations) return;
		this.#iteration = 0;
		this.#block++;
	}

	/** A wrong password shows in the padding, or in what is no key. */
	private decrypt(): number {
		const { iv, cipher: id } = this.#parameters;
		const clear = copyOf(this.#bytes, this.#data.at, this.#data.end);
		const cipher = this.#registry.blockCipher(id)?.create();
		cipher?.setKey(this.#derived, 0);
		cipher?.decrypt(copyOf(this.#bytes, iv.at, iv.end), clear, 0, clear.length);
		cipher?.wipe();
		const padding = clear[clear.length - 1];
		let right = padding >= 1 && padding <= BLOCK;
		for (let i = clear.length - padding; right && i < clear.length; i++) right = clear[i] === padding;
		if (right) right = this.decoder.decodeDer(clear.subarray(0, clear.length - padding)) === NO_FAILURE;
		clear.fill(0);
		this.wipe();
		this.#failure = right ? NO_FAILURE : PASSWORD_WRONG;
		return right ? DONE : this.#failure;
	}
}

/** The hash of an HMAC, 0 for an unknown one. */
function hashOf(oid: number): number {
	if (oid === id_hmacWithSHA256) return sha256;
	if (oid === id_hmacWithSHA384) return sha384;
	if (oid === id_hmacWithSHA512) return sha512;
	return oid === id_hmacWithSHA1 ? sha1 : 0;
}
