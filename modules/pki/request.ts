// A PKCS#10 request (RFC 2986) decoded where it stands: what an authority needs to know before it issues.

import { DER_SEQUENCE, DER_SET, openDer } from "../base/der.js";
import { CERTIFICATION_REQUEST_MALFORMED, type Failure, NO_FAILURE } from "../base/failure.js";
import { Reader } from "../base/reader.js";
import type { Registry } from "../crypto/registry.js";
import type { VerifyJob } from "../crypto/types.js";
import { schemeForKey, takeSignatureAlgorithm } from "./algorithm.js";
import { SignatureField } from "./certificate.js";
import { DER_CONTEXT_CONSTRUCTED, skipDer, takeDerBits, takeDerSmall } from "./der-values.js";
import { CertificateExtensions } from "./extensions.js";
import { checkName } from "./name.js";
import { extensionRequest, takeOid } from "./oid.js";
import { Place } from "./place.js";
import { PublicKeyInfo } from "./public-key-info.js";

/**
 * One request.
 *
 *     const request = new CertificationRequest();
 *     if (request.decode(bytes, 0, bytes.length) !== NO_FAILURE) ...
 *     const job = request.startVerify(registry);      // that who asks holds the key
 */
export class CertificationRequest {
	bytes: Uint8Array = new Uint8Array(0);
	/** What is signed, header included. */
	readonly info = new Place();
	/** Name, header included. */
	readonly subject = new Place();
	readonly publicKey = new PublicKeyInfo();
	readonly signature = new SignatureField();
	/** What extensionRequest asks for. */
	readonly extensions = new CertificateExtensions();
	#reader = new Reader();

	decode(bytes: Uint8Array, at: number, end: number): Failure {
		const reader = this.#reader;
		reader.reset(bytes, at, end);
		this.bytes = bytes;
		const mark = openDer(reader, DER_SEQUENCE);
		this.decodeInfo(reader);
		this.signature.scheme = takeSignatureAlgorithm(reader);
		this.signature.at = takeDerBits(reader);
		this.signature.end = reader.at;
		reader.close(mark);
		return reader.finished() ? NO_FAILURE : CERTIFICATION_REQUEST_MALFORMED;
	}

	/** Begins to check the request's own signature; undefined if nothing here can check it. The bytes must stay as they are. */
	startVerify(registry: Registry): VerifyJob | undefined {
		const { bytes, info, publicKey, signature } = this;
		const job = registry.signature(publicKey.type)?.createVerify(registry);
		job?.start(schemeForKey(signature.scheme, publicKey.type), publicKey, bytes, info.at, info.end, bytes, signature.at, signature.end);
		return job;
	}

	private decodeInfo(reader: Reader): void {
		const at = reader.at;
		const mark = openDer(reader, DER_SEQUENCE);
		if (takeDerSmall(reader) !== 0) reader.failed = true;
		this.subject.at = reader.at;
		checkName(reader, true);
		this.subject.end = reader.at;
		this.publicKey.decode(reader);
		this.extensions.reset();
		const attributes = openDer(reader, DER_CONTEXT_CONSTRUCTED);
		let found = false;
		while (reader.more()) {
			const attribute = openDer(reader, DER_SEQUENCE);
			const isExtensions = takeOid(reader) === extensionRequest;
			const values = openDer(reader, DER_SET);
			if (isExtensions) {
				if (found) reader.failed = true;
				found = true;
				this.extensions.decode(reader);
			} else while (reader.more()) skipDer(reader);
			reader.close(values);
			reader.close(attribute);
		}
		reader.close(attributes);
		reader.close(mark);
		this.info.set(at, reader.at);
	}
}
