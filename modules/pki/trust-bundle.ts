// Anchors in little room: the format of a bundle for devices. Of each anchor the hash of its name, its key and its last
// day; 60 KB hold the roots of the web. Reading one copies nothing, so it may stay in flash.
//
//     "PTB1"
//     then for each anchor, in order of the hashes:
//       8 bytes   the first of SHA-256 of the subject's DER
//       5 bytes   notAfter, seconds since 1970
//       1 byte    KeyType (crypto/types)
//       2 bytes   length of the key
//       n bytes   the raw public key (crypto/types PublicKey)
//
// Eight bytes are enough: the hash only finds a key, and the key proves itself by the signatures it made.

import { equalPublic } from "../base/bytes.js";
import { type Failure, NO_FAILURE, TRUST_BUNDLE_MALFORMED } from "../base/failure.js";

/** Bytes of a name's hash. */
export const NAME_HASH_LENGTH = 8;
/** Bytes of an entry in front of its key. */
export const BUNDLE_ENTRY_HEADER = 16;
/** "PTB1" */
export const BUNDLE_MAGIC = 0x50544231;

/**
 * A walk through a bundle.
 *
 *     const bundle = new TrustBundle(bytes);
 *     if (bundle.check() !== NO_FAILURE) ...
 *     for (let at = bundle.find(hash, 0); at >= 0; at = bundle.find(hash, bundle.end)) use(bundle.keyType, at, bundle.end);
 */
export class TrustBundle {
	readonly bytes: Uint8Array;
	/** Of the anchor that find() answered. */
	notAfter = 0;
	keyType = 0;
	/** Where its key, and with it its entry, ends. */
	end = 0;

	/** The bytes stay the caller's and must not change. */
	constructor(bytes: Uint8Array) {
		this.bytes = bytes;
	}

	/** NO_FAILURE, or TRUST_BUNDLE_MALFORMED: what find() may then answer is meaningless. */
	check(): Failure {
		const bytes = this.bytes;
		const magic = bytes.length < 4 ? 0 : ((bytes[0] << 24) | (bytes[1] << 16) | (bytes[2] << 8) | bytes[3]) >>> 0;
		let at = 4;
		while (at + BUNDLE_ENTRY_HEADER <= bytes.length) at += BUNDLE_ENTRY_HEADER + ((bytes[at + 14] << 8) | bytes[at + 15]);
		return magic === BUNDLE_MAGIC && at === bytes.length ? NO_FAILURE : TRUST_BUNDLE_MALFORMED;
	}

	/** The next anchor with this name's hash, from at on (0: from the first): where its key begins, or -1. */
	find(hash: Uint8Array, at: number): number {
		const bytes = this.bytes;
		if (at < 4) at = 4;
		while (at < bytes.length) {
			const keyAt = at + BUNDLE_ENTRY_HEADER;
			const end = keyAt + ((bytes[at + 14] << 8) | bytes[at + 15]);
			if (equalPublic(bytes, at, at + NAME_HASH_LENGTH, hash, 0, NAME_HASH_LENGTH)) {
				this.notAfter = bytes[at + 8] * 0x100000000 + (((bytes[at + 9] << 24) | (bytes[at + 10] << 16) | (bytes[at + 11] << 8) | bytes[at + 12]) >>> 0);
				this.keyType = bytes[at + 13];
				this.end = end;
				return keyAt;
			}
			at = end;
		}
		return -1;
	}
}
