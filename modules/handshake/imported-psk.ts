// External pre-shared keys that are imported (RFC 9258): of one key another is derived for each protocol and each hash it
// is used with, under an identity that says all of that. For psk13-client and psk13-server, and for 1.3 only.

import { equalPublic, NO_BYTES, wipe } from "../base/bytes.js";
import { Writer } from "../base/writer.js";
import { Hkdf } from "../crypto/hkdf.js";
import { DERIVED_PSK, IMPORTED_BINDER } from "../crypto/labels.js";
import { sha256, sha384 } from "../crypto/types.js";
import { encodeImportedIdentity, HKDF_SHA256, HKDF_SHA384, ImportedIdentity, importedIdentityLength } from "../wire/imported-identity.js";
import type { Handshake } from "./handshake.js";
import type { Psk, PskOffer } from "./psk.js";

/** What an EPSK can be imported for, in the order of the offer. */
export const IMPORT_HASHES: readonly number[] = Object.freeze([sha256, sha384]);

function kdfOf(hash: number): number {
	return hash === sha384 ? HKDF_SHA384 : HKDF_SHA256;
}

/** The hash of a KDF identifier, -1 for one that we don't know. */
function hashOf(kdf: number): number {
	if (kdf === HKDF_SHA256) return sha256;
	return kdf === HKDF_SHA384 ? sha384 : -1;
}

/** RFC 9258 4.1: the imported key for this connection's protocol and a hash of 1.3; whoever holds it wipes it. */
export function importPsk(hs: Handshake, psk: Psk, hash: number): PskOffer {
	const { registry, variant } = hs.settings;
	const context = psk.importContext ?? NO_BYTES;
	const own = registry.hash(psk.hash ?? sha256);
	const target = registry.hash(hash);
	if (own === undefined || target === undefined) throw new Error("a PSK is imported by a hash that is not registered");
	const identity = new Uint8Array(importedIdentityLength(psk.identity, context));
	const writer = new Writer();
	writer.reset(identity, 0, identity.length);
	encodeImportedIdentity(writer, psk.identity, context, variant.version13, kdfOf(hash));
	const digest = new Uint8Array(own.hashLength);
	const running = own.create();
	running.update(identity, 0, identity.length);
	running.digest(digest, 0);
	const hkdf = new Hkdf(own, variant.labelPrefix);
	const extracted = new Uint8Array(own.hashLength);
	const key = new Uint8Array(target.hashLength);
	hkdf.extract(NO_BYTES, 0, psk.key, psk.key.length, extracted);
	hkdf.expandLabel(extracted, DERIVED_PSK, digest, own.hashLength, key, 0, key.length);
	wipe(extracted);
	hkdf.wipe();
	return { identity, key, hash, obfuscatedTicketAge: 0, label: IMPORTED_BINDER, session: undefined, external: psk };
}

/** Server: the key that the identity at [at, end) of memory was imported from, for its hash; undefined if there is none or it is none. */
export function findImported(hs: Handshake, memory: Uint8Array, at: number, end: number): PskOffer | undefined {
	const { settings, reader } = hs;
	const named = new ImportedIdentity();
	reader.reset(memory, at, end);
	// RFC 9258 5.1: what is for another protocol or by another derivation is passed over
	if (!named.decode(reader) || named.targetProtocol !== settings.variant.version13) return undefined;
	const hash = hashOf(named.targetKdf);
	if (hash < 0 || settings.registry.hash(hash) === undefined) return undefined;
	for (const psk of settings.psks) if (isNamed(psk, memory, named)) return importPsk(hs, psk, hash);
	const found = settings.findPsk?.(memory, named.identityAt, named.identityEnd);
	return found !== undefined && isNamed(found, memory, named) ? importPsk(hs, found, hash) : undefined;
}

/** Whether it is this key, and imported under the same context. */
function isNamed({ identity, importContext }: Psk, memory: Uint8Array, named: ImportedIdentity): boolean {
	if (importContext === undefined || !equalPublic(identity, 0, identity.length, memory, named.identityAt, named.identityEnd)) return false;
	return equalPublic(importContext, 0, importContext.length, memory, named.contextAt, named.contextEnd);
}
