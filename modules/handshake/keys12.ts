// Secrets and keys of 1.2: from the premaster secret to the keys of each direction and both Finished (RFC 5246 6.3, 7.4.9,
// 8.1; RFC 7627 4), the same in both roles.

import { copy, copyOf, NO_BYTES, wipe } from "../base/bytes.js";
import { CLIENT_FINISHED, EXTENDED_MASTER_SECRET, KEY_EXPANSION, MASTER_SECRET, SERVER_FINISHED } from "../crypto/labels.js";
import { NO_MAC } from "../crypto/suites.js";
import { TrafficKeys } from "../crypto/traffic-keys.js";
import { AEAD_CHACHA20_POLY1305 } from "../crypto/types.js";
import { TLS_1_2 } from "../wire/registry.js";
import { suite12 } from "./exchange12.js";
import { HANDSHAKE_DONE, type Handshake } from "./handshake.js";
import { MASTER_SECRET_LENGTH, type Secrets12, secrets12, state12, VERIFY_DATA_LENGTH } from "./handshake12.js";

const CONTENT_MAX = 16384;

/** After the ClientKeyExchange: the master secret out of own.premaster, which is forgotten, and the key block. */
export function deriveMasterSecret(hs: Handshake): void {
	const { transcript, negotiated, hello, hash } = hs;
	const own = state12(hs);
	const secrets = secrets12(hs);
	const { master, hash: algorithm } = secrets;
	const { premaster } = own;
	const prf = secrets.keyPrf(premaster);
	if (negotiated.extendedMasterSecret) {
		transcript.hashBy(algorithm, hash);
		prf.derive(EXTENDED_MASTER_SECRET, hash, algorithm.hashLength, master, 0, MASTER_SECRET_LENGTH);
	} else {
		const randoms = joinRandoms(hello.clientRandom, hello.serverRandom);
		prf.derive(MASTER_SECRET, randoms, 64, master, 0, MASTER_SECRET_LENGTH);
	}
	wipe(premaster);
	own.premaster = NO_BYTES;
	hs.exchange?.wipe();
	hs.exchange = undefined;
	own.job?.wipe();
	own.job = undefined;
	deriveKeyBlock(hs);
}

/** The keys of both directions out of the master secret (RFC 5246 6.3); with a resumed session this is where keys begin. */
export function deriveKeyBlock(hs: Handshake): void {
	const { hello, settings } = hs;
	const secrets = secrets12(hs);
	const { master } = secrets;
	const randoms = joinRandoms(hello.serverRandom, hello.clientRandom);
	measureKeys(hs, secrets);
	const length = 2 * (secrets.macLength + secrets.keyLength + secrets.ivLength); // each 32 bytes more are two HMACs more
	secrets.keyBlock = new Uint8Array(length);
	secrets.keyPrf(master).derive(KEY_EXPANSION, randoms, 64, secrets.keyBlock, 0, length);
	secrets.randoms.set(hello.clientRandom, 0);
	secrets.randoms.set(hello.serverRandom, 32);
	settings.keyLog?.("CLIENT_RANDOM", hello.clientRandom, master, MASTER_SECRET_LENGTH);
}

/** The change_cipher_spec has been taken: what the peer sends next is under the new keys. */
export function installReadKeys12(hs: Handshake): void {
	const keys = takeKeys(hs, !hs.settings.isServer);
	try {
		hs.messages.readKeys(keys, ++hs.post.readEpoch);
	} finally {
		keys.wipe();
	}
	limitContent12(hs, true);
}

/** The change_cipher_spec has been sent: what we send next is under the new keys. */
export function installWriteKeys12(hs: Handshake): void {
	const keys = takeKeys(hs, hs.settings.isServer);
	try {
		hs.messages.writeKeys(keys, ++hs.post.writeEpoch);
	} finally {
		keys.wipe();
	}
}

/** Writes verify_data of one side's Finished over all messages so far, 12 bytes (RFC 5246 7.4.9). */
export function deriveVerifyData(hs: Handshake, ofServer: boolean, out: Uint8Array): void {
	const { prf, hash } = secrets12(hs);
	hs.transcript.hashBy(hash, hs.hash);
	prf.derive(ofServer ? SERVER_FINISHED : CLIENT_FINISHED, hs.hash, hash.hashLength, out, 0, VERIFY_DATA_LENGTH);
}

/** Both Finished are through. */
export function finishHandshake12(hs: Handshake): void {
	const own = state12(hs);
	secrets12(hs).release();
	own.binding.length = VERIFY_DATA_LENGTH;
	own.psk = undefined;
	hs.exchange?.wipe();
	hs.exchange = undefined;
	hs.messages.finished();
	if (!Number.isNaN(hs.post.renegotiation.since)) hs.post.renegotiation.count++;
	hs.post.renegotiation.end();
	hs.post.sending = false;
	hs.proofs |= HANDSHAKE_DONE;
	hs.release();
}

/** RFC 8449 4, RFC 6066 4: how long records may be. record_size_limit goes before max_fragment_length, but binds protected records only. */
export function limitContent12(hs: Handshake, isProtected: boolean): void {
	const { settings, negotiated, messages } = hs;
	const { recordSizeLimit, maxFragmentLength } = negotiated;
	const fragment = maxFragmentLength > 0 ? maxFragmentLength : CONTENT_MAX;
	// Servers are about that agree to max_fragment_length and forget it (gnutls 3.7): what fits the buffer is taken
	const read = isProtected && recordSizeLimit > 0 && settings.recordSizeLimit > 0 ? Math.min(CONTENT_MAX, settings.recordSizeLimit) : CONTENT_MAX;
	messages.setLimits(read, recordSizeLimit > 0 ? Math.min(CONTENT_MAX, recordSizeLimit) : fragment);
}

function joinRandoms(first: Uint8Array, second: Uint8Array): Uint8Array {
	const randoms = new Uint8Array(64);
	randoms.set(first, 0);
	randoms.set(second, 32);
	return randoms;
}

/** The lengths in the key block. The suite's cipher is registered: the offer was filtered by it. */
function measureKeys(hs: Handshake, secrets: Secrets12): void {
	const { registry } = hs.settings;
	const { bulk, mac } = suite12(hs);
	const algorithm = mac === NO_MAC ? registry.aead(bulk) : registry.blockCipher(bulk);
	if (algorithm === undefined) throw new Error("the suite's cipher is not registered");
	secrets.keyLength = algorithm.keyLength;
	secrets.macLength = mac === NO_MAC ? 0 : (registry.hash(mac)?.hashLength ?? 0);
	// The part of the nonce that is a secret; in CBC mode every record brings an IV of its own
	secrets.ivLength = mac !== NO_MAC ? 0 : bulk === AEAD_CHACHA20_POLY1305 ? 12 : 4;
}

/** Cuts one side's keys out of the key block; the caller wipes them. */
function takeKeys(hs: Handshake, ofServer: boolean): TrafficKeys {
	const { keyBlock, macLength, keyLength, ivLength } = secrets12(hs);
	const side = ofServer ? 1 : 0;
	const macAt = side * macLength;
	const keyAt = 2 * macLength + side * keyLength;
	const ivAt = 2 * (macLength + keyLength) + side * ivLength;
	const keys = new TrafficKeys();
	keys.version = TLS_1_2;
	keys.suite = hs.negotiated.suite;
	keys.encryptThenMac = hs.negotiated.encryptThenMac;
	if (macLength > 0) keys.macKey = copyOf(keyBlock, macAt, macAt + macLength);
	copy(keys.key, 0, keyBlock, keyAt, keyAt + keyLength);
	copy(keys.iv, 0, keyBlock, ivAt, ivAt + ivLength);
	return keys;
}
