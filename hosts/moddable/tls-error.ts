// What onError is told when a connection fails.

import { alertOf, codeOf, type Failure } from "polltls/base/failure";
import type { Connection } from "polltls/engine/connection";

/** A failed connection in numbers; the failures' names are in base/failure, which isn't for people. */
export class TlsError extends Error {
	override name = "TlsError";
	/** Packed: base/failure. */
	readonly failure: Failure;
	/** The public return code. */
	readonly code: number;
	/** The alert that was received, else the one that was sent; 255: none. */
	readonly alert: number;
	/** VERIFY_... bits of the peer's certificates (pki/verify-result), and which one it was: 0 the peer's own. */
	readonly verifyResult: number;
	readonly certificateIndex: number;
	/** Its subject, a DER Name (pki/name-text makes a text of it); empty if there is none. */
	readonly certificateSubject: Uint8Array;
	/** What a crypto provider threw. */
	override readonly cause: unknown;

	constructor(connection: Connection) {
		const { failure, alerts } = connection;
		super(`TLS failure ${failure >> 16}`);
		this.failure = failure;
		this.code = codeOf(failure);
		this.alert = alerts.received === 255 ? alertOf(failure) : alerts.received;
		this.verifyResult = connection.verifyResult;
		this.certificateIndex = connection.verdict.certificate;
		this.certificateSubject = connection.verdict.subject;
		this.cause = connection.cause;
	}
}
