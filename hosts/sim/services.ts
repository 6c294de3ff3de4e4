// What a device has as native code, answered by Node for the simulated one: entropy, hashes and bulk ciphers, log, store.
// For simulator.ts, and for suites on XS.

import {
	type CipherCCMTypes,
	type CipherGCMTypes,
	createCipheriv,
	createDecipheriv,
	createHash,
	createHmac,
	type Hash,
	type Hmac,
	randomBytes,
} from "node:crypto";
import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Log } from "polltls/os/os";
import {
	AEAD_OPEN,
	AEAD_SEAL,
	CBC_DECRYPT,
	CBC_ENCRYPT,
	DIGEST_END,
	DIGEST_FORK,
	DIGEST_UPDATE,
	ENTROPY,
	HASH_BEGIN,
	HMAC_BEGIN,
	LOG,
	NUMBER_MASK,
	STORE_DELETE,
	STORE_NAME_LIMIT,
	STORE_READ,
	STORE_WRITE,
} from "./protocol.js";

// By the numbers of crypto/types
const HASHES: Record<number, string> = { 2: "sha1", 4: "sha256", 5: "sha384", 6: "sha512" };
const AEADS: Record<number, { cipher: string; keyLength: number; tagLength: number; mask: string }> = {
	1: { cipher: "aes-128-gcm", keyLength: 16, tagLength: 16, mask: "aes-128-ecb" },
	2: { cipher: "aes-256-gcm", keyLength: 32, tagLength: 16, mask: "aes-256-ecb" },
	3: { cipher: "aes-128-ccm", keyLength: 16, tagLength: 16, mask: "aes-128-ecb" },
	4: { cipher: "aes-256-ccm", keyLength: 32, tagLength: 16, mask: "aes-256-ecb" },
	18: { cipher: "aes-128-ccm", keyLength: 16, tagLength: 8, mask: "aes-128-ecb" },
	19: { cipher: "aes-256-ccm", keyLength: 32, tagLength: 8, mask: "aes-256-ecb" },
	29: { cipher: "chacha20-poly1305", keyLength: 32, tagLength: 16, mask: "chacha20" },
};
const BLOCK_CIPHERS: Record<number, { cipher: string; keyLength: number }> = {
	256: { cipher: "aes-128-cbc", keyLength: 16 },
	257: { cipher: "aes-256-cbc", keyLength: 32 },
};

/** Running hashes that are kept: a dropped connection doesn't end its own, so the longest unused are let go. */
const DIGESTS_KEPT = 4096;
const NOTHING = new Uint8Array(0);

export interface ServicesOptions {
	/** Folder of the store's files, made when first written to; without it nothing survives. */
	store?: string;
	log?: Log;
	/** Random bytes; the operating system's if absent (tests give repeatable ones). */
	entropy?: (length: number) => Uint8Array;
}

/** Reads the fields of one request in order. */
export class Fields {
	readonly #bytes: Buffer;
	#at = 1;

	constructor(bytes: Buffer) {
		this.#bytes = bytes;
	}
	u8(): number {
		return this.#bytes.readUInt8(this.#at++);
	}
	u16(): number {
		this.#at += 2;
		return this.#bytes.readUInt16BE(this.#at - 2);
	}
	u32(): number {
		this.#at += 4;
		return this.#bytes.readUInt32BE(this.#at - 4);
	}
	take(length: number): Buffer {
		const at = this.#at;
		this.#at += length;
		if (this.#at > this.#bytes.length) throw new RangeError("a request is too short");
		return this.#bytes.subarray(at, this.#at);
	}
	rest(): Buffer {
		return this.take(this.#bytes.length - this.#at);
	}
}

/**
 * The services of one device.
 *
 *     const services = new Services({ store: "build/device" });
 *     const worker = await XsWorker.start({ onCommand: (request) => services.answer(request) });
 */
export class Services {
	readonly #store: string | undefined;
	readonly #values = new Map<string, Uint8Array>();
	readonly #log: Log;
	readonly #entropy: (length: number) => Uint8Array;
	readonly #digests = new Map<number, Hash | Hmac>();
	#digestCount = 0;

	constructor({ store, log, entropy }: ServicesOptions = {}) {
		this.#store = store;
		this.#log = log ?? (() => {});
		this.#entropy = entropy ?? randomBytes;
	}

	/** The answer to a request of the device; throws if it can't be served. */
	answer(request: Buffer): Uint8Array {
		const fields = new Fields(request);
		const operation = request[0];
		switch (operation) {
			case ENTROPY:
				return this.#entropy(fields.u16());
			case LOG: {
				const level = fields.u8();
				this.#log(level, fields.rest().toString());
				return NOTHING;
			}
			case STORE_READ:
			case STORE_WRITE:
			case STORE_DELETE:
				return this.#keep(operation, fields);
			case HASH_BEGIN: {
				const digest = createHash(HASHES[fields.u8()]);
				digest.update(fields.rest());
				return this.#began(digest);
			}
			case HMAC_BEGIN: {
				const name = HASHES[fields.u8()];
				const digest = createHmac(name, fields.take(fields.u16()));
				digest.update(fields.rest());
				return this.#began(digest);
			}
			case DIGEST_UPDATE:
				this.#digest(fields.u32()).update(fields.rest());
				return NOTHING;
			case DIGEST_FORK:
				return this.#began((this.#digest(fields.u32()) as Hash).copy());
			case DIGEST_END: {
				const state = fields.u32();
				const digest = this.#digest(state);
				this.#digests.delete(state);
				return digest.digest();
			}
			case AEAD_SEAL:
				return seal(fields);
			case AEAD_OPEN:
				return open(fields);
			case CBC_ENCRYPT:
			case CBC_DECRYPT: {
				const { cipher, keyLength } = BLOCK_CIPHERS[fields.u16()];
				const key = fields.take(keyLength);
				const iv = fields.take(16);
				const running = operation === CBC_ENCRYPT ? createCipheriv(cipher, key, iv) : createDecipheriv(cipher, key, iv);
				running.setAutoPadding(false);
				return Buffer.concat([running.update(fields.rest()), running.final()]);
			}
			case NUMBER_MASK:
				return mask(fields);
			default:
				throw new RangeError(`there is no request ${operation}`);
		}
	}

	#began(digest: Hash | Hmac): Uint8Array {
		if (this.#digests.size >= DIGESTS_KEPT) for (const oldest of this.#digests.keys()) if (this.#digests.delete(oldest)) break;
		this.#digests.set(++this.#digestCount, digest);
		const answer = Buffer.allocUnsafe(4);
		answer.writeUInt32BE(this.#digestCount);
		return answer;
	}

	#digest(state: number): Hash | Hmac {
		const digest = this.#digests.get(state);
		if (!digest) throw new RangeError(`there is no running hash ${state}`);
		this.#digests.delete(state); // so that the map is ordered by last use
		this.#digests.set(state, digest);
		return digest;
	}

	#keep(operation: number, fields: Fields): Uint8Array {
		const name = (operation === STORE_WRITE ? fields.take(fields.u8()) : fields.rest()).toString();
		if (!/^[\w.-]+$/.test(name) || name.startsWith(".") || name.length > STORE_NAME_LIMIT)
			throw new RangeError(`"${name}" can't be the name of a stored value`);
		const path = this.#store === undefined ? undefined : join(this.#store, name);
		if (operation === STORE_DELETE) {
			this.#values.delete(name);
			if (path !== undefined) rmSync(path, { force: true });
			return NOTHING;
		}
		if (operation === STORE_READ) {
			const value = path === undefined ? this.#values.get(name) : readIfThere(path);
			return value === undefined ? Uint8Array.of(0) : Buffer.concat([Uint8Array.of(1), value]);
		}
		const value = fields.rest();
		if (path === undefined) this.#values.set(name, Uint8Array.from(value));
		else {
			mkdirSync(this.#store as string, { recursive: true, mode: 0o700 });
			writeFileSync(`${path}.part`, value, { mode: 0o600 }); // keys are among them
			renameSync(`${path}.part`, path);
		}
		return NOTHING;
	}
}

function readIfThere(path: string): Buffer | undefined {
	try {
		return readFileSync(path);
	} catch (error) {
		if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
		throw error;
	}
}

function seal(fields: Fields): Uint8Array {
	const { cipher, keyLength, tagLength } = AEADS[fields.u8()];
	const key = fields.take(keyLength);
	const nonce = fields.take(12);
	const additional = fields.take(fields.u16());
	const plain = fields.rest();
	const running = createCipheriv(cipher as CipherGCMTypes, key, nonce, { authTagLength: tagLength } as object);
	running.setAAD(additional, { plaintextLength: plain.length });
	return Buffer.concat([running.update(plain), running.final(), running.getAuthTag()]);
}

function open(fields: Fields): Uint8Array {
	const { cipher, keyLength, tagLength } = AEADS[fields.u8()];
	const key = fields.take(keyLength);
	const nonce = fields.take(12);
	const additional = fields.take(fields.u16());
	const sealed = fields.rest();
	if (sealed.length < tagLength) return Uint8Array.of(0);
	const end = sealed.length - tagLength;
	const running = createDecipheriv(cipher as CipherCCMTypes, key, nonce, { authTagLength: tagLength });
	running.setAuthTag(sealed.subarray(end));
	running.setAAD(additional, { plaintextLength: end });
	try {
		const plain = running.update(sealed.subarray(0, end)); // CCM checks here, the others at the end
		running.final();
		return Buffer.concat([Uint8Array.of(1), plain]);
	} catch {
		return Uint8Array.of(0);
	}
}

function mask(fields: Fields): Uint8Array {
	const { keyLength, mask: cipher } = AEADS[fields.u8()];
	const key = fields.take(keyLength);
	const sample = fields.take(16);
	if (cipher === "chacha20") return createCipheriv(cipher, key, sample).update(new Uint8Array(5)); // counter and nonce are the sample
	return createCipheriv(cipher, key, null).setAutoPadding(false).update(sample).subarray(0, 5);
}
