// The moments at which keys of 1.3 are derived and installed (RFC 8446 7.1, 7.3), the same in both roles.

import { TrafficKeys } from "../crypto/traffic-keys.js";
import { HANDSHAKE_DONE, type Handshake } from "./handshake.js";
import type { PskOffer } from "./psk.js";

/** Epochs (RFC 9147 6.1); a stream doesn't number them, but names them alike. */
export const EPOCH_EARLY = 1;
export const EPOCH_HANDSHAKE = 2;
export const EPOCH_APPLICATION = 3;

/** The longest content of a record in 1.3 and the type byte that record_size_limit counts (RFC 8449 4). */
const CONTENT_MAX = 16384;

/** The secret of 0-RTT data under the first PSK, once the whole ClientHello is in the transcript (RFC 8446 7.1). */
export function deriveEarlyKeys(hs: Handshake, psk: PskOffer): void {
	const { schedule, settings, transcript, hash } = hs;
	const algorithm = settings.registry.hash(psk.hash);
	if (algorithm === undefined) throw new Error("the PSK's hash is not registered");
	schedule.start(algorithm, settings.variant.labelPrefix);
	schedule.early(psk.key, psk.key.length);
	transcript.hashBy(algorithm, hash);
	schedule.earlyTraffic(hash);
	logSecret(hs, "CLIENT_EARLY_TRAFFIC_SECRET", schedule.clientEarlySecret);
}

/** After the ServerHello: the handshake's secrets out of the key exchange, which is forgotten. */
export function deriveHandshakeKeys(hs: Handshake): void {
	const { schedule, settings, transcript, negotiated, hello, exchange, hash } = hs;
	const algorithm = negotiated.suite && settings.registry.hash(negotiated.suite.hash);
	if (algorithm === undefined) throw new Error("the suite's hash is not registered");
	schedule.start(algorithm, settings.variant.labelPrefix);
	schedule.early(hello.psk.chosen?.key, hello.psk.chosen?.key.length ?? 0);
	transcript.hash(hash);
	schedule.handshake(exchange?.secret, exchange?.secretLength ?? 0, hash);
	exchange?.wipe();
	hs.exchange = undefined;
	logSecret(hs, "CLIENT_HANDSHAKE_TRAFFIC_SECRET", schedule.clientHandshakeSecret);
	logSecret(hs, "SERVER_HANDSHAKE_TRAFFIC_SECRET", schedule.serverHandshakeSecret);
}

/** After the server's Finished. */
export function deriveApplicationKeys(hs: Handshake): void {
	const { schedule, hash } = hs;
	hs.transcript.hash(hash);
	schedule.application(hash);
	logSecret(hs, "CLIENT_TRAFFIC_SECRET_0", schedule.clientApplicationSecret);
	logSecret(hs, "SERVER_TRAFFIC_SECRET_0", schedule.serverApplicationSecret);
	logSecret(hs, "EXPORTER_SECRET", schedule.exporterSecret);
}

/** After the client's Finished: nothing of the handshake is needed any more. */
export function finishHandshake(hs: Handshake): void {
	hs.transcript.hash(hs.hash);
	hs.schedule.resumption(hs.hash);
	hs.messages.finished();
	hs.post.readEpoch = hs.post.writeEpoch = EPOCH_APPLICATION;
	hs.proofs |= HANDSHAKE_DONE;
	hs.release();
}

export function installReadKeys(hs: Handshake, secret: Uint8Array, epoch: number): void {
	const keys = new TrafficKeys();
	try {
		deriveTrafficKeys(hs, secret, keys);
		hs.messages.readKeys(keys, epoch);
	} finally {
		keys.wipe();
	}
}

/** What was written before must have been flushed. */
export function installWriteKeys(hs: Handshake, secret: Uint8Array, epoch: number): void {
	const keys = new TrafficKeys();
	try {
		deriveTrafficKeys(hs, secret, keys);
		hs.messages.writeKeys(keys, epoch);
	} finally {
		keys.wipe();
	}
}

/** The change_cipher_spec for middleboxes, once (RFC 8446 D.4); false if it must wait for output. All written before is flushed. */
export function sendCompatibility(hs: Handshake): boolean {
	const { hello, messages, settings } = hs;
	if (!messages.flush()) return false;
	if (hello.compatibilitySent || hello.sessionIdLength === 0 || !settings.variant.compatibility) return true;
	if (!messages.sendChangeCipherSpec(true)) return false;
	hello.compatibilitySent = true;
	return true;
}

/** RFC 8449 4, RFC 6066 4: how long records may be from now on, as both agreed. */
export function limitContent(hs: Handshake): void {
	const { settings, negotiated, messages } = hs;
	const { recordSizeLimit, maxFragmentLength } = negotiated;
	const fragment = maxFragmentLength > 0 ? maxFragmentLength : CONTENT_MAX;
	const read = settings.recordSizeLimit > 0 && recordSizeLimit > 0 ? settings.recordSizeLimit - 1 : CONTENT_MAX;
	messages.setLimits(read, recordSizeLimit > 0 ? Math.min(CONTENT_MAX, recordSizeLimit - 1) : fragment);
}

/** On their way to the record layer, which takes a copy; the caller wipes them. */
function deriveTrafficKeys(hs: Handshake, secret: Uint8Array, keys: TrafficKeys): void {
	const { suite } = hs.negotiated;
	const aead = suite && hs.settings.registry.aead(suite.bulk);
	if (suite === undefined || aead === undefined) throw new Error("the suite's AEAD is not registered");
	hs.schedule.trafficKeys(secret, suite, aead.keyLength, keys);
	if (hs.settings.variant.numberKeys) hs.schedule.numberKey(secret, aead.keyLength, keys);
}

function logSecret(hs: Handshake, label: string, secret: Uint8Array): void {
	hs.settings.keyLog?.(label, hs.hello.clientRandom, secret, hs.schedule.hashLength);
}
