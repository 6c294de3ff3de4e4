// The device's key and certificate: read from the store, or made on the first start, and again when the certificate
// runs out. For main.ts. The work is cut into slices: poll until it is ready.

import { NO_FAILURE } from "polltls/base/failure";
import { WORKING } from "polltls/base/status";
import { EcGenerate } from "polltls/crypto/public-key/ec-generate";
import { p256 } from "polltls/crypto/public-key/p256-curve";
import type { Registry } from "polltls/crypto/registry";
import { KEY_P256, type PrivateKey } from "polltls/crypto/types";
import { type Device, LOG_INFO } from "polltls/os/os";
import { Certificate } from "polltls/pki/certificate";
import { CertificateFields, commonName } from "polltls/pki/certificate-fields";
import { PURPOSE_SERVER } from "polltls/pki/extensions";
import { CertificateIssuer } from "polltls/pki/issue";

/** What browsers accept of a certificate that somebody has chosen to trust. */
const DAYS = 820;
const DAY = 86400;
/** Renewed at a start that comes later than this before its end. */
const RENEWAL = 30 * DAY;
/** For a device that doesn't know the time: from 2024 to 2049. */
const EARLIEST = 1704067200;
const LATEST = 2493072000;
/** Units of work in one poll. */
const SLICE = 8;

export class Identity {
	/** DER of the certificate, and its key; set when ready. */
	certificate: Uint8Array | undefined;
	key: PrivateKey | undefined;
	readonly #device: Device;
	readonly #names: readonly string[];
	readonly #generate: EcGenerate;
	readonly #issuer: CertificateIssuer;
	#issuing = false;

	/** names: what the device is called by those who connect; the first is also the certificate's subject. */
	constructor(device: Device, registry: Registry, names: readonly string[]) {
		this.#device = device;
		this.#names = names;
		this.#generate = new EcGenerate(p256);
		this.#issuer = new CertificateIssuer(registry, 1024);
		const { store } = device;
		const key = store.get("key");
		const certificate = store.get("certificate");
		if (key && certificate && this.isGood(certificate)) {
			this.key = { type: KEY_P256, bytes: key };
			this.certificate = certificate;
		} else {
			device.log(LOG_INFO, "making a P-256 key and a certificate");
			this.#generate.start(device.entropy, 0);
		}
	}

	/** Goes on by a slice; answers whether the identity is ready. */
	poll(): boolean {
		if (this.certificate) return true;
		const job = this.#issuing ? this.#issuer : this.#generate;
		const status = job.step(SLICE);
		if (status === WORKING) return false;
		if (status > 255) throw new Error(`no identity could be made: failure ${status >> 16}`);
		if (this.#issuing) this.keep();
		else this.issue();
		return this.certificate !== undefined;
	}

	private issue(): void {
		const { clock, entropy } = this.#device;
		const now = clock.seconds();
		const fields = new CertificateFields();
		fields.subject = commonName(this.#names[0]);
		fields.names = this.#names;
		fields.notBefore = now < 0 ? EARLIEST : Math.floor(now) - DAY; // clocks differ
		fields.notAfter = now < 0 ? LATEST : Math.floor(now) + DAYS * DAY;
		fields.extendedKeyUsage = PURPOSE_SERVER;
		const { privateKey, publicKey } = this.#generate;
		this.#issuer.startSelfSigned(fields, privateKey, publicKey, entropy);
		this.#issuing = true;
	}

	private keep(): void {
		const { store, log } = this.#device;
		const { der, length } = this.#issuer;
		this.key = { type: KEY_P256, bytes: this.#generate.privateKey.bytes.slice() };
		this.certificate = der.slice(0, length);
		store.set("key", this.key.bytes);
		store.set("certificate", this.certificate);
		this.#generate.wipe();
		log(LOG_INFO, "the key and the certificate are made and stored");
	}

	private isGood(bytes: Uint8Array): boolean {
		const certificate = new Certificate();
		if (certificate.decode(bytes, 0, bytes.length) !== NO_FAILURE) return false;
		const now = this.#device.clock.seconds();
		return now < 0 || (now >= certificate.notBefore && now < certificate.notAfter - RENEWAL);
	}
}
