// The key schedule of TLS 1.3 (RFC 8446 section 7.1 to 7.3), with the label prefix as a value. The secrets stand in
// named arrays of this object, hashLength bytes each from when they are derived; they are overwritten and let go of as
// soon as they are used up.

import { NO_BYTES, wipe } from "../base/bytes.js";
import { Hkdf } from "./hkdf.js";
import {
	CLIENT_APPLICATION_TRAFFIC,
	CLIENT_EARLY_TRAFFIC,
	CLIENT_HANDSHAKE_TRAFFIC,
	DERIVED,
	EXPORTER,
	EXPORTER_MASTER,
	FINISHED,
	IV,
	KEY,
	NUMBER_KEY,
	RESUMPTION,
	RESUMPTION_MASTER,
	SERVER_APPLICATION_TRAFFIC,
	SERVER_HANDSHAKE_TRAFFIC,
	TRAFFIC_UPDATE,
} from "./labels.js";
import type { Suite } from "./suites.js";
import type { TrafficKeys } from "./traffic-keys.js";
import type { HashAlgorithm } from "./types.js";

const TLS_1_3 = 0x0304;

/**
 * All secrets of one connection.
 *
 *     schedule.start(hash, variant.labelPrefix);
 *     schedule.early(undefined, 0);                  // no PSK
 *     schedule.handshake(exchange.secret, exchange.secretLength, transcriptHash);
 *     schedule.trafficKeys(schedule.serverHandshakeSecret, suite, 16, keys);
 *     schedule.application(transcriptHash);          // through the server's Finished
 *     schedule.resumption(transcriptHash);           // through the client's Finished
 */
export class KeySchedule {
	/** Early, then handshake, then master secret. */
	#secret = NO_BYTES;
	clientHandshakeSecret = NO_BYTES;
	serverHandshakeSecret = NO_BYTES;
	/** client_application_traffic_secret_N, and the server's. */
	clientApplicationSecret = NO_BYTES;
	serverApplicationSecret = NO_BYTES;
	clientEarlySecret = NO_BYTES;
	exporterSecret = NO_BYTES;
	resumptionSecret = NO_BYTES;
	/** finished_key, binder_key, and the hash of nothing. */
	#scratch = NO_BYTES;
	#emptyHash = NO_BYTES;
	#hkdf: Hkdf | undefined = undefined;
	hashLength = 0;

	/** Forgets everything and begins. */
	start(hash: HashAlgorithm, labelPrefix: Readonly<Uint8Array>): void {
		this.wipe();
		this.#hkdf = new Hkdf(hash, labelPrefix);
		this.hashLength = hash.hashLength;
		this.#secret = new Uint8Array(hash.hashLength);
		this.#scratch = new Uint8Array(hash.hashLength);
		this.#emptyHash = new Uint8Array(hash.hashLength);
		hash.create().digest(this.#emptyHash, 0);
	}

	/** The early secret from a PSK, or without one. */
	early(psk: Uint8Array | undefined, length: number): void {
		const hkdf = this.started();
		const { hashLength } = this;
		this.#scratch.fill(0);
		hkdf.extract(NO_BYTES, 0, psk ?? this.#scratch, psk === undefined ? hashLength : length, this.#secret);
	}

	/** Writes the binder for the hash of the truncated ClientHello (RFC 8446 4.2.11.2); label: ..._BINDER of crypto/labels. */
	binder(label: Readonly<Uint8Array>, transcriptHash: Uint8Array, out: Uint8Array): void {
		const hkdf = this.started();
		const scratch = this.#scratch;
		hkdf.deriveSecret(this.#secret, label, this.#emptyHash, scratch);
		hkdf.expandLabel(scratch, FINISHED, NO_BYTES, 0, scratch, 0, this.hashLength);
		hkdf.mac(scratch, transcriptHash, out);
		wipe(scratch);
	}

	/** client_early_traffic_secret, for 0-RTT data. */
	earlyTraffic(transcriptHash: Uint8Array): void {
		this.clientEarlySecret = this.derived(CLIENT_EARLY_TRAFFIC, transcriptHash);
	}

	/** The handshake secret from the key exchange's (undefined with psk_ke), and both traffic secrets. */
	handshake(shared: Uint8Array | undefined, length: number, transcriptHash: Uint8Array): void {
		this.next(shared, length);
		this.clientHandshakeSecret = this.derived(CLIENT_HANDSHAKE_TRAFFIC, transcriptHash);
		this.serverHandshakeSecret = this.derived(SERVER_HANDSHAKE_TRAFFIC, transcriptHash);
		this.next(undefined, 0); // the master secret: what may follow needs no more than it
	}

	/** Both application traffic secrets and the exporter's. */
	application(transcriptHash: Uint8Array): void {
		this.clientApplicationSecret = this.derived(CLIENT_APPLICATION_TRAFFIC, transcriptHash);
		this.serverApplicationSecret = this.derived(SERVER_APPLICATION_TRAFFIC, transcriptHash);
		this.exporterSecret = this.derived(EXPORTER_MASTER, transcriptHash);
	}

	/** resumption_master_secret; the master secret and the traffic secrets before the application's are forgotten. */
	resumption(transcriptHash: Uint8Array): void {
		this.resumptionSecret = this.derived(RESUMPTION_MASTER, transcriptHash);
		wipe(this.#secret);
		wipe(this.clientEarlySecret);
		wipe(this.clientHandshakeSecret);
		wipe(this.serverHandshakeSecret);
		this.#secret = this.clientEarlySecret = this.clientHandshakeSecret = this.serverHandshakeSecret = NO_BYTES;
	}

	/** The PSK of a ticket (RFC 8446 4.6.1). */
	ticketPsk(nonce: Uint8Array, nonceLength: number, out: Uint8Array): void {
		this.started().expandLabel(this.resumptionSecret, RESUMPTION, nonce, nonceLength, out, 0, this.hashLength);
	}

	/** verify_data of a Finished under a traffic secret (RFC 8446 4.4.4). */
	verifyData(secret: Uint8Array, transcriptHash: Uint8Array, out: Uint8Array): void {
		const hkdf = this.started();
		hkdf.expandLabel(secret, FINISHED, NO_BYTES, 0, this.#scratch, 0, this.hashLength);
		hkdf.mac(this.#scratch, transcriptHash, out);
		wipe(this.#scratch);
	}

	/** The next generation of an application traffic secret, in place (RFC 8446 7.2). */
	update(secret: Uint8Array): void {
		this.started().expandLabel(secret, TRAFFIC_UPDATE, NO_BYTES, 0, secret, 0, this.hashLength);
	}

	/** The keys of a traffic secret (RFC 8446 7.3; with number keys: RFC 9147 4.2.3). */
	trafficKeys(secret: Uint8Array, suite: Suite, keyLength: number, keys: TrafficKeys): void {
		const hkdf = this.started();
		keys.version = TLS_1_3;
		keys.suite = suite;
		hkdf.expandLabel(secret, KEY, NO_BYTES, 0, keys.key, 0, keyLength);
		hkdf.expandLabel(secret, IV, NO_BYTES, 0, keys.iv, 0, 12);
	}

	/** The number key of a traffic secret (RFC 9147 4.2.3). */
	numberKey(secret: Uint8Array, keyLength: number, keys: TrafficKeys): void {
		keys.numberKey = new Uint8Array(keyLength);
		this.started().expandLabel(secret, NUMBER_KEY, NO_BYTES, 0, keys.numberKey, 0, keyLength);
	}

	/** An exporter's output (RFC 8446 7.5); contextHash is the hash of its context. */
	exporter(label: Readonly<Uint8Array>, contextHash: Uint8Array, out: Uint8Array, outAt: number, length: number): void {
		const hkdf = this.started();
		hkdf.deriveSecret(this.exporterSecret, label, this.#emptyHash, this.#scratch);
		hkdf.expandLabel(this.#scratch, EXPORTER, contextHash, this.hashLength, out, outAt, length);
		wipe(this.#scratch);
	}

	wipe(): void {
		this.#hkdf?.wipe();
		wipe(this.#secret);
		wipe(this.clientHandshakeSecret);
		wipe(this.serverHandshakeSecret);
		wipe(this.clientApplicationSecret);
		wipe(this.serverApplicationSecret);
		wipe(this.clientEarlySecret);
		wipe(this.exporterSecret);
		wipe(this.resumptionSecret);
		wipe(this.#scratch);
	}

	/** Derive-Secret of the secret that stands, in an array of its own. */
	private derived(label: Readonly<Uint8Array>, transcriptHash: Uint8Array): Uint8Array {
		const secret = new Uint8Array(this.hashLength);
		this.started().deriveSecret(this.#secret, label, transcriptHash, secret);
		return secret;
	}

	/** The next of the three secrets (RFC 8446 7.1). */
	private next(input: Uint8Array | undefined, length: number): void {
		const hkdf = this.started();
		const scratch = this.#scratch;
		hkdf.deriveSecret(this.#secret, DERIVED, this.#emptyHash, scratch);
		const zeros = new Uint8Array(input === undefined ? this.hashLength : 0);
		hkdf.extract(scratch, this.hashLength, input ?? zeros, input === undefined ? this.hashLength : length, this.#secret);
		wipe(scratch);
	}

	private started(): Hkdf {
		if (this.#hkdf === undefined) throw new Error("the key schedule has not been started");
		return this.#hkdf;
	}
}
