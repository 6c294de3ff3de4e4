// ImportedIdentity (RFC 9258 4.1): what the identity of an imported pre-shared key is on the wire: the key's own name and
// context, and which protocol and key derivation it was imported for.

import type { Reader } from "../base/reader.js";
import type { Writer } from "../base/writer.js";

// TLS KDF identifiers (RFC 9258 10)
export const HKDF_SHA256 = 1;
export const HKDF_SHA384 = 2;

/** A decoded ImportedIdentity: places in the identity's own bytes. */
export class ImportedIdentity {
	identityAt = 0;
	identityEnd = 0;
	contextAt = 0;
	contextEnd = 0;
	/** The version on the wire, and a KDF identifier. */
	targetProtocol = 0;
	targetKdf = 0;

	/** Reads the reader's whole place; false if it is none: then it is an identity of another kind. */
	decode(reader: Reader): boolean {
		let mark = reader.open16();
		if (reader.at === reader.end) reader.failed = true;
		this.identityAt = reader.take(reader.end - reader.at);
		this.identityEnd = reader.at;
		reader.close(mark);
		mark = reader.open16();
		this.contextAt = reader.take(reader.end - reader.at);
		this.contextEnd = reader.at;
		reader.close(mark);
		this.targetProtocol = reader.u16();
		this.targetKdf = reader.u16();
		return reader.finished();
	}
}

/** How many bytes encodeImportedIdentity writes. */
export function importedIdentityLength(identity: Uint8Array, context: Uint8Array): number {
	return 8 + identity.length + context.length;
}

export function encodeImportedIdentity(writer: Writer, identity: Uint8Array, context: Uint8Array, targetProtocol: number, targetKdf: number): void {
	writer.u16(identity.length);
	writer.copy(identity, 0, identity.length);
	writer.u16(context.length);
	writer.copy(context, 0, context.length);
	writer.u16(targetProtocol);
	writer.u16(targetKdf);
}
