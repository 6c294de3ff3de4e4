// Private keys that only the PSA library has, in its storage, in its memory or in a secure element: JavaScript names them and never
// sees them. For credentials and for pki/issue, with a registry whose signatures are PSA's (public-key-psa.ts). The
// library's own generator makes them.

import { KEY_P256, KEY_P384, KEY_RSA, type KeyType, type PrivateKey, type PublicKey } from "polltls/crypto/types";
import { nativeEntropy } from "../entropy.js";
import { PSA_MAY_NOT_SIGN, PSA_NO_KEY, PSA_SIGNING, PsaNative } from "./psa-native.js";

/** PSA_KEY_ID_VENDOR_MAX. */
const MAX_ID = 0x7fffffff;
const RSA_BITS = 2048;
const MAX_RSA_BITS = 4096;
/** Room for the longest public key: RSAPublicKey of 4096 bits. */
const PUBLIC_KEY_ROOM = 544;

/**
 * A key of type KEY_P256, KEY_P384 or KEY_RSA to sign by. One without an id lives as long as this object or until destroy(), one
 * with an id is the library's until destroy(), over restarts.
 *
 *     const key = PsaPrivateKey.has(7) ? PsaPrivateKey.open(7) : PsaPrivateKey.generate(KEY_P256, 7);
 *     issuer.startSelfSigned(fields, key, key.publicKey, nativeEntropy);
 *     new TlsListener({ port: 443, tls: { credentials: [{ chain: [certificate], key }] }, onReadable });
 */
export class PsaPrivateKey implements PrivateKey {
	readonly type: KeyType;
	/** None: a provider that wants bytes refuses this key. */
	readonly bytes: Uint8Array = new Uint8Array(0);
	/** The library's name for it; 0: it has none. */
	readonly id: number;
	readonly #key: object;
	#publicKey: PublicKey | undefined;

	private constructor(type: KeyType, id: number, key: object) {
		this.type = type;
		this.id = id;
		this.#key = key;
	}

	/** Whether the library has a key by this id, of whatever kind. */
	static has(id: number): boolean {
		return PsaNative.openKey(PsaNative.createKey(), checkedId(id)) !== PSA_NO_KEY;
	}

	/** The key by this id, made earlier or by others. Throws if there is none, if it is of another kind, or may not sign (PSA_KEY_USAGE_SIGN_HASH). */
	static open(id: number): PsaPrivateKey {
		const key = PsaNative.createKey();
		const type = PsaNative.openKey(key, checkedId(id));
		if (type === PSA_NO_KEY) throw new Error(`PSA key ${id}: there is none`);
		if (type === PSA_MAY_NOT_SIGN) throw new Error(`PSA key ${id}: it may not sign hashes`);
		if (type < 0) throw new Error(`PSA key ${id}: neither of P-256 or P-384 nor of RSA with ${RSA_BITS} to ${MAX_RSA_BITS} bits`);
		return new PsaPrivateKey(type, id, key);
	}

	/**
	 * Makes a key, stored by this id (1 to 0x3fffffff) or, with 0, in memory only. One native call: RSA takes seconds on a device. Throws if there
	 * is one by this id, if the library has no storage or no place left, and while the platform has no entropy.
	 */
	static generate(type: KeyType, id = 0, bits = RSA_BITS): PsaPrivateKey {
		if (type !== KEY_P256 && type !== KEY_P384 && type !== KEY_RSA) throw new RangeError(`no PSA keys of type ${type}`);
		if (type === KEY_RSA && !(bits >= RSA_BITS && bits <= MAX_RSA_BITS)) throw new RangeError(`RSA has ${RSA_BITS} to ${MAX_RSA_BITS} bits`);
		if (id !== 0) checkedId(id);
		nativeEntropy.fill(new Uint8Array(0), 0, 0);
		const key = PsaNative.createKey();
		if (!PsaNative.generateKey(key, PSA_SIGNING + type, id, bits)) throw new Error(`PSA key ${id}: there is one already`);
		return new PsaPrivateKey(type, id, key);
	}

	/** In an array of its own. */
	get publicKey(): PublicKey {
		if (this.#publicKey === undefined) {
			const room = new Uint8Array(PUBLIC_KEY_ROOM);
			const end = PsaNative.share(this.#key, room, PUBLIC_KEY_ROOM);
			this.#publicKey = { type: this.type, bytes: room.slice(0, end), at: 0, end };
		}
		return this.#publicKey;
	}

	/** Destroys it in the library, and in its storage: who signs by it from now on is refused. */
	destroy(): void {
		PsaNative.destroyKey(this.#key);
	}

	/** For public-key-psa.ts: signs a digest, as PsaNative.signWith. */
	sign(by: number, hash: number, digest: Uint8Array, out: Uint8Array): number {
		return PsaNative.signWith(this.#key, by, hash, digest, out, out.length);
	}
}

function checkedId(id: number): number {
	if (!Number.isInteger(id) || id < 1 || id > MAX_ID) throw new RangeError(`a PSA key's id is 1 to ${MAX_ID}`);
	return id;
}
