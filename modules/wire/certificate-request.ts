// CertificateRequest of 1.3 (RFC 8446 4.3.2): a context and an extension block.

import type { Failure } from "../base/failure.js";
import { CERTIFICATE_REQUEST_MALFORMED, NO_FAILURE } from "../base/failure.js";
import type { Reader } from "../base/reader.js";
import type { ExtensionBlock } from "./extensions/block.js";
import { IN_CERTIFICATE_REQUEST } from "./extensions/table.js";

/** A decoded CertificateRequest: places in the message's own bytes, good until the message is released. */
export class CertificateRequest {
	contextAt = 0;
	contextEnd = 0;

	/** Reads the reader's place, the whole body. */
	decode(reader: Reader, extensions: ExtensionBlock): Failure {
		const mark = reader.open8();
		this.contextAt = reader.take(reader.end - reader.at);
		this.contextEnd = reader.at;
		reader.close(mark);
		if (reader.failed) return CERTIFICATE_REQUEST_MALFORMED;
		const failure = extensions.decode(reader, IN_CERTIFICATE_REQUEST, 0);
		return failure === NO_FAILURE && !reader.finished() ? CERTIFICATE_REQUEST_MALFORMED : failure;
	}
}
