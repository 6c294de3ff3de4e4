// Makes certificates and requests: self-signed ones for a device, PKCS#10 requests (RFC 2986), and certificates of a
// small authority. Signing is a sliced job; what comes out is DER in a buffer of its own.

import { DER_SEQUENCE, DER_SET } from "../base/der.js";
import { CERTIFICATE_TOO_LARGE, type Failure, ISSUE_REFUSED, NO_FAILURE } from "../base/failure.js";
import { DONE, WORKING } from "../base/status.js";
import { Writer } from "../base/writer.js";
import type { Registry } from "../crypto/registry.js";
import { type Job, type KeyType, type PrivateKey, type PublicKey, type SignJob, sha256 } from "../crypto/types.js";
import type { Entropy } from "../os/os.js";
import { Certificate, MAX_SERIAL_LENGTH } from "./certificate.js";
import { type CertificateFields, writeExtensions } from "./certificate-fields.js";
import { DER_CONTEXT_CONSTRUCTED } from "./der-values.js";
import { beginDer, endDer, writeDerBits, writeDerSmall, writeDerUnsigned, writeOid } from "./der-writer.js";
import { issuingScheme, writePublicKeyInfo, writeSignatureAlgorithm } from "./key-writer.js";
import { extensionRequest } from "./oid.js";
import { Place } from "./place.js";
import { writeTime } from "./time.js";

/** The length of a key identifier: the first 160 bits of the key's SHA-256 (RFC 7093 method 1). */
const KEY_ID_LENGTH = 20;
/** Bytes of the outer header while its contents are written. */
const OUTER_HEADER = 2;

/**
 * Makes one certificate or request after the other.
 *
 *     const issuer = new CertificateIssuer(registry, 1024);
 *     issuer.startSelfSigned(fields, generated.privateKey, generated.publicKey, entropy);
 *     let status: number;
 *     do status = issuer.step(8);
 *     while (status === WORKING);
 *     if (status === DONE) store.set("certificate", issuer.der.slice(0, issuer.length));
 */
export class CertificateIssuer implements Job {
	/** After DONE: what was made, length bytes. The next start overwrites it. */
	readonly der: Uint8Array;
	length = 0;
	readonly #registry: Registry;
	readonly #writer = new Writer();
	readonly #keyId = new Uint8Array(32);
	readonly #serial = new Uint8Array(16);
	readonly #noPlace = new Place();
	readonly #authority = new Certificate();
	#job: SignJob | undefined = undefined;
	#failure: Failure = NO_FAILURE;
	#signerType: KeyType = 0;

	/** capacity: the largest certificate in bytes; 1024 holds one of P-256 with a few names, 2048 one of RSA-4096. */
	constructor(registry: Registry, capacity = 2048) {
		this.#registry = registry;
		this.der = new Uint8Array(capacity);
	}

	/** A certificate whose issuer is its own subject. */
	startSelfSigned(fields: CertificateFields, key: PrivateKey, publicKey: PublicKey, entropy: Entropy): void {
		this.startCertificate(fields, publicKey, undefined, key, entropy);
	}

	/**
	 * A certificate that an authority gives to the holder of publicKey. authority: the authority's own certificate,
	 * which must be one; its key is authorityKey.
	 */
	startIssue(fields: CertificateFields, publicKey: PublicKey, authority: Uint8Array, authorityKey: PrivateKey, entropy: Entropy): void {
		this.startCertificate(fields, publicKey, authority, authorityKey, entropy);
	}

	/** A request for a certificate (RFC 2986), with the names and usages of fields in extensionRequest (RFC 2985 5.4.2). */
	startRequest(fields: CertificateFields, key: PrivateKey, publicKey: PublicKey, entropy: Entropy): void {
		const writer = this.begin();
		const mark = beginDer(writer, DER_SEQUENCE);
		writeDerSmall(writer, 0);
		writer.copy(fields.subject, 0, fields.subject.length);
		if (fields.subject.length === 0) writer.failed = true;
		writePublicKeyInfo(writer, publicKey);
		const attributes = beginDer(writer, DER_CONTEXT_CONSTRUCTED);
		const attribute = beginDer(writer, DER_SEQUENCE);
		writeOid(writer, extensionRequest);
		const values = beginDer(writer, DER_SET);
		writeExtensions(writer, fields, undefined, this.der, this.#noPlace);
		endDer(writer, values);
		endDer(writer, attribute);
		endDer(writer, attributes);
		endDer(writer, mark);
		this.sign(key, entropy);
	}

	/** Goes on: WORKING, DONE, ISSUE_REFUSED (fields that can't be written), CERTIFICATE_TOO_LARGE, or what is wrong with the authority's certificate. */
	step(budget: number): number {
		if (this.#failure !== NO_FAILURE) return this.#failure;
		const job = this.#job;
		if (job === undefined) throw new Error("nothing was started");
		const status = job.step(budget);
		if (status === WORKING) return WORKING;
		if (status === DONE) this.writeSignature(job);
		else this.#failure = status;
		this.wipe();
		return this.#failure === NO_FAILURE ? DONE : this.#failure;
	}

	wipe(): void {
		this.#job?.wipe();
		this.#job = undefined;
	}

	private startCertificate(fields: CertificateFields, publicKey: PublicKey, authority: Uint8Array | undefined, key: PrivateKey, entropy: Entropy): void {
		const writer = this.begin();
		const issuer = this.#authority;
		if (authority !== undefined) {
			this.#failure = issuer.decode(authority, 0, authority.length);
			if (!issuer.extensions.isAuthority) writer.failed = true;
		}
		const mark = beginDer(writer, DER_SEQUENCE);
		const version = beginDer(writer, DER_CONTEXT_CONSTRUCTED);
		writeDerSmall(writer, 2);
		endDer(writer, version);
		this.writeSerial(fields, entropy);
		writeSignatureAlgorithm(writer, key.type);
		if (fields.subject.length === 0) writer.failed = true;
		if (authority === undefined) writer.copy(fields.subject, 0, fields.subject.length);
		else writer.copy(authority, issuer.subject.at, issuer.subject.end);
		const validity = beginDer(writer, DER_SEQUENCE);
		if (fields.notAfter < fields.notBefore) writer.failed = true;
		writeTime(writer, fields.notBefore);
		writeTime(writer, fields.notAfter);
		endDer(writer, validity);
		writer.copy(fields.subject, 0, fields.subject.length);
		writePublicKeyInfo(writer, publicKey);
		this.digestKey(publicKey);
		const extensions = beginDer(writer, DER_CONTEXT_CONSTRUCTED | 3);
		const keyId = this.#keyId.slice(0, KEY_ID_LENGTH);
		writeExtensions(writer, fields, keyId, authority ?? keyId, authority === undefined ? this.#noPlace : issuer.extensions.subjectKeyId);
		endDer(writer, extensions);
		endDer(writer, mark);
		this.sign(key, entropy);
	}

	/** Begins the outer SEQUENCE: its header takes two bytes until the length is known. */
	private begin(): Writer {
		this.wipe();
		this.#failure = NO_FAILURE;
		this.length = 0;
		const writer = this.#writer;
		writer.reset(this.der, 0, this.der.length);
		beginDer(writer, DER_SEQUENCE);
		return writer;
	}

	/** The signed part stands behind the outer header. */
	private sign(key: PrivateKey, entropy: Entropy): void {
		const writer = this.#writer;
		const algorithm = this.#registry.signature(key.type);
		if (algorithm === undefined) writer.failed = true;
		if (this.#failure === NO_FAILURE) this.#failure = this.writingFailure();
		if (this.#failure !== NO_FAILURE || algorithm === undefined) return;
		this.#signerType = key.type;
		this.#job = algorithm.createSign(this.#registry);
		this.#job.start(issuingScheme(key.type), key, this.der, OUTER_HEADER, writer.at, entropy);
	}

	/** The algorithm and the signature go behind the signed part, and the outer header gets its length. */
	private writeSignature(job: SignJob): void {
		const writer = this.#writer;
		writeSignatureAlgorithm(writer, this.#signerType);
		writeDerBits(writer, job.signature, 0, job.signatureLength);
		endDer(writer, OUTER_HEADER - 1);
		this.#failure = this.writingFailure();
		if (!writer.failed) this.length = writer.at;
	}

	/** What stopped the writer: no room, or something that can't be written. */
	private writingFailure(): Failure {
		const writer = this.#writer;
		if (!writer.failed) return NO_FAILURE;
		return writer.at === writer.end ? CERTIFICATE_TOO_LARGE : ISSUE_REFUSED;
	}

	/** Positive, not zero, and as good as unique: 126 bits of entropy (RFC 5280 4.1.2.2 wants uniqueness, CAs 64 bits). */
	private writeSerial(fields: CertificateFields, entropy: Entropy): void {
		const serial = fields.serial ?? this.#serial;
		if (fields.serial === undefined) {
			entropy.fill(serial, 0, serial.length);
			serial[0] = (serial[0] & 0x3f) | 0x40;
		} else if (serial.length > MAX_SERIAL_LENGTH) this.#writer.failed = true;
		writeDerUnsigned(this.#writer, serial, 0, serial.length);
	}

	private digestKey(key: PublicKey): void {
		const hash = this.#registry.hash(sha256)?.create();
		if (hash === undefined) this.#writer.failed = true;
		hash?.update(key.bytes, key.at, key.end);
		hash?.digest(this.#keyId, 0);
	}
}
