// The server's side of pre-shared keys in 1.3 (RFC 8446 4.2.11): which of the client's it takes, and whether the client
// holds it. An identity that nobody knows is treated as one with a wrong key where there is no other way to go on, and
// costs the same work, so that nobody learns which identities exist.

import { equalConstantTime, equalPublic, NO_BYTES } from "../base/bytes.js";
import {
	type Failure,
	NO_FAILURE,
	PSK_BINDER_WRONG,
	PSK_EXTENSION_MALFORMED,
	PSK_MODES_MALFORMED,
	PSK_MODES_NOT_SENT,
	PSK_NOT_ACCEPTED,
} from "../base/failure.js";
import type { Reader } from "../base/reader.js";
import { EXTERNAL_BINDER, RESUMPTION_BINDER } from "../crypto/labels.js";
import { findSuite } from "../crypto/suites.js";
import { type HashAlgorithm, sha256 } from "../crypto/types.js";
import { OfferedPsks } from "../wire/extensions/pre-shared-key.js";
import { decodePskKeyExchangeModes } from "../wire/extensions/psk-key-exchange-modes.js";
import { KEY_SHARE, PRE_SHARED_KEY, PSK_KEY_EXCHANGE_MODES } from "../wire/extensions/table.js";
import { includesNumber16 } from "../wire/numbers.js";
import { psk_dhe_ke, psk_ke, TLS_1_3 } from "../wire/registry.js";
import type { Handshake } from "./handshake.js";
import { findImported, importPsk } from "./imported-psk.js";
import type { Psk, PskOffer } from "./psk.js";
import { sessionFresh } from "./session.js";
import { CLIENT_CERTIFICATE_REQUIRE } from "./settings.js";

/** How many identities of a ClientHello are looked up: each may cost an AEAD and a key schedule. */
const IDENTITIES_MAX = 4;

/** Chooses hello.psk.chosen and hello.psk.mode of the ClientHello that stands; without one the handshake goes on by certificate. */
export function choosePsk(hs: Handshake, reader: Reader): Failure {
	const { hello, settings } = hs;
	const { extensions } = hello.client;
	hello.psk.wipe();
	hello.psk.chosen = undefined;
	let modes = 0;
	if (extensions.has(PSK_KEY_EXCHANGE_MODES)) {
		extensions.open(reader, PSK_KEY_EXCHANGE_MODES);
		modes = decodePskKeyExchangeModes(reader);
		if (modes < 0) return PSK_MODES_MALFORMED;
	}
	if (!extensions.has(PRE_SHARED_KEY)) return NO_FAILURE;
	if (modes === 0) return PSK_MODES_NOT_SENT;
	if (settings.psks.length === 0 && settings.findPsk === undefined && settings.tickets === undefined) return NO_FAILURE;
	hello.psk.mode = chooseMode(hs, modes);
	if (hello.psk.mode < 0) return NO_FAILURE;
	const offered = new OfferedPsks();
	extensions.open(reader, PRE_SHARED_KEY);
	if (!offered.begin(reader)) return PSK_EXTENSION_MALFORMED;
	return takeIdentity(hs, offered);
}

/** The first of our PskKeyExchangeModes that is among the client's (bits) and that it sent what is needed for; -1 if there is none. */
function chooseMode({ settings, hello }: Handshake, modes: number): number {
	for (const mode of settings.pskModes) {
		if (modes & (1 << mode) && (mode === psk_ke || hello.client.extensions.has(KEY_SHARE))) return mode;
	}
	return -1;
}

/** The external PSK with the identity that stands, if it is to be used as it is. */
function findExternal({ settings }: Handshake, memory: Uint8Array, at: number, end: number): Psk | undefined {
	for (const psk of settings.psks) {
		if (psk.importContext === undefined && equalPublic(psk.identity, 0, psk.identity.length, memory, at, end)) return psk;
	}
	const found = settings.findPsk?.(memory, at, end);
	return found?.importContext === undefined ? found : undefined;
}

/** Looks the identities up; the first that is known counts, and its binder must be right. */
function takeIdentity(hs: Handshake, offered: OfferedPsks): Failure {
	const { hello, messages, settings } = hs;
	const { memory } = messages;
	while (offered.index < IDENTITIES_MAX - 1 && offered.next(memory)) {
		const psk = findOffer(hs, memory, offered);
		if (psk === undefined || !hasSuite(hs, psk.hash)) continue;
		if (!binderRight(hs, offered, psk)) return PSK_BINDER_WRONG;
		hello.psk.chosen = psk;
		hello.psk.index = offered.index;
		return NO_FAILURE;
	}
	if (settings.credentials.length > 0) return NO_FAILURE;
	const nobodys: Psk = { identity: NO_BYTES, key: new Uint8Array(32) }; // a key whose binder can't be right
	binderRight(hs, offered, settings.psks[0]?.importContext === undefined ? externalOffer(nobodys, 0) : importPsk(hs, nobodys, sha256));
	return PSK_NOT_ACCEPTED;
}

/** The identity that stands as a PSK of ours: an external one, or a ticket that we gave; undefined if it is none or doesn't fit. */
function findOffer(hs: Handshake, memory: Uint8Array, { identityAt, identityEnd, obfuscatedTicketAge }: OfferedPsks): PskOffer | undefined {
	const { settings, negotiated } = hs;
	const external = findExternal(hs, memory, identityAt, identityEnd);
	const offer = external === undefined ? findImported(hs, memory, identityAt, identityEnd) : externalOffer(external, obfuscatedTicketAge);
	if (offer !== undefined) return offer;
	const session = settings.tickets?.open(memory, identityAt, identityEnd);
	const suite = session && findSuite(session.suite);
	if (session === undefined || suite === undefined || session.version !== negotiated.version) return undefined;
	if (!sessionFresh(session, settings.clock.seconds()) || session.peerName !== negotiated.serverName) return undefined;
	if (settings.clientCertificate === CLIENT_CERTIFICATE_REQUIRE && !session.peerAuthenticated) return undefined;
	return { identity: session.ticket, key: session.secret, hash: suite.hash, obfuscatedTicketAge, label: RESUMPTION_BINDER, session, external: undefined };
}

function externalOffer(psk: Psk, obfuscatedTicketAge: number): PskOffer {
	const { identity, key, hash = sha256 } = psk;
	return { identity, key, hash, obfuscatedTicketAge, label: EXTERNAL_BINDER, session: undefined, external: psk };
}

/** Whether both have a suite of this hash: one of 1.3 must be chosen with it. */
function hasSuite({ settings, hello, messages }: Handshake, hash: number): boolean {
	for (const suite of settings.suites) {
		if (suite.maximum !== TLS_1_3 || suite.hash !== hash) continue;
		if (includesNumber16(messages.memory, hello.client.suitesAt, hello.client.suitesEnd, suite.number)) return true;
	}
	return false;
}

/** RFC 8446 4.2.11.2: the client's HMAC over its hello under this key. */
function binderRight(hs: Handshake, offered: OfferedPsks, psk: PskOffer): boolean {
	const { messages, schedule, settings, transcript, hash: scratch } = hs;
	const algorithm: HashAlgorithm | undefined = settings.registry.hash(psk.hash);
	if (algorithm === undefined) throw new Error("a PSK's hash is not registered");
	const truncated = transcript.fork(algorithm);
	messages.updatePartial(truncated, offered.bindersAt);
	truncated.hash(scratch);
	schedule.start(algorithm, settings.variant.labelPrefix);
	schedule.early(psk.key, psk.key.length);
	schedule.binder(psk.label, scratch, scratch);
	const length = offered.binderEnd - offered.binderAt;
	return length === algorithm.hashLength && equalConstantTime(scratch, 0, messages.memory, offered.binderAt, length) === 1;
}

/** Whether the key exchange is left out: the PSK alone makes the keys. */
export function isPskOnly(hs: Handshake): boolean {
	return hs.hello.psk.chosen !== undefined && hs.hello.psk.mode !== psk_dhe_ke;
}
