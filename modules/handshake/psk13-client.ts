// The client's side of pre-shared keys in 1.3 (RFC 8446 4.2.11): which it offers, their binders, and which one the
// server chose.

import { wipe } from "../base/bytes.js";
import { type Failure, NO_FAILURE, PSK_HASH_WRONG, PSK_INDEX_MALFORMED, PSK_INDEX_WRONG } from "../base/failure.js";
import type { Reader } from "../base/reader.js";
import type { Writer } from "../base/writer.js";
import { EXTERNAL_BINDER, IMPORTED_BINDER, RESUMPTION_BINDER } from "../crypto/labels.js";
import { findSuite } from "../crypto/suites.js";
import { sha256 } from "../crypto/types.js";
import { openExtension } from "../wire/extensions/block.js";
import { decodeSelectedIdentity } from "../wire/extensions/pre-shared-key.js";
import { PRE_SHARED_KEY } from "../wire/extensions/table.js";
import { TLS_1_3 } from "../wire/registry.js";
import type { Handshake } from "./handshake.js";
import { IMPORT_HASHES, importPsk } from "./imported-psk.js";
import type { PskOffer } from "./psk.js";
import { type Session, sessionAge, sessionFresh } from "./session.js";

/** What the ClientHello is to offer: the session first, since it saves the most, then the external PSKs. */
export function collectPskOffers(hs: Handshake): PskOffer[] {
	const { settings } = hs;
	const { session } = settings;
	const offers: PskOffer[] = [];
	if (settings.flow13 === undefined) return offers;
	const resumed = session === undefined ? undefined : resumptionOffer(hs, session);
	if (resumed !== undefined) offers.push(resumed);
	for (const psk of settings.psks) {
		const { identity, key, hash = sha256 } = psk;
		if (psk.importContext !== undefined) {
			for (const target of IMPORT_HASHES) if (suiteWithHash(hs, target)) offers.push(importPsk(hs, psk, target));
		} else if (suiteWithHash(hs, hash)) offers.push({ identity, key, hash, obfuscatedTicketAge: 0, label: EXTERNAL_BINDER, session: undefined, external: psk });
	}
	return offers;
}

/** Whether a suite of 1.3 is offered that a PSK of this hash can be used with. */
function suiteWithHash({ settings }: Handshake, hash: number): boolean {
	for (const suite of settings.suites) if (suite.maximum === TLS_1_3 && suite.hash === hash) return true;
	return false;
}

function resumptionOffer(hs: Handshake, session: Session): PskOffer | undefined {
	const { settings } = hs;
	const suite = findSuite(session.suite);
	const seconds = settings.clock.seconds();
	if (
		suite === undefined ||
		!suiteWithHash(hs, suite.hash) ||
		session.version !== settings.variant.version13 ||
		session.ticket.length === 0 ||
		!sessionFresh(session, seconds)
	)
		return undefined;
	const obfuscatedTicketAge = (sessionAge(session, seconds) * 1000 + session.ageAdd) % 0x100000000;
	return { identity: session.ticket, key: session.secret, hash: suite.hash, obfuscatedTicketAge, label: RESUMPTION_BINDER, session, external: undefined };
}

/** Whether this ClientHello brings 0-RTT data: it goes under the first PSK, which a server gave for that (RFC 8446 4.2.10). */
export function offersEarlyData({ settings, hello, negotiated }: Handshake): boolean {
	const { offers } = hello.psk;
	if (!settings.sendsEarlyData || negotiated.helloRetry || !settings.variant.endOfEarlyData || offers.length === 0) return false;
	return (offers[0].session?.maximumEarlyData ?? 0) > 0;
}

/** After a HelloRetryRequest only PSKs of the suite's hash are offered (RFC 8446 4.1.4). */
export function keepPskOffers({ hello }: Handshake, hash: number): void {
	const kept: PskOffer[] = [];
	for (const offer of hello.psk.offers) {
		if (offer.hash === hash) kept.push(offer);
		else if (offer.label === IMPORTED_BINDER) wipe(offer.key);
	}
	hello.psk.offers = kept;
}

/** An upper bound of the extension's length. */
export function pskOffersLength(hs: Handshake): number {
	let length = 8;
	for (const { identity } of hs.hello.psk.offers) length += 2 + identity.length + 4 + 1 + 48;
	return length;
}

/** Writes the extension with room for the binders; answers where they begin. */
export function encodePskOffers(hs: Handshake, writer: Writer): number {
	const psks = hs.hello.psk.offers;
	const mark = openExtension(writer, PRE_SHARED_KEY);
	const identities = writer.open16();
	for (const { identity, obfuscatedTicketAge } of psks) {
		writer.u16(identity.length);
		writer.copy(identity, 0, identity.length);
		writer.u32(obfuscatedTicketAge);
	}
	writer.close16(identities);
	const bindersAt = writer.at;
	const binders = writer.open16();
	for (const { hash } of psks) {
		const length = hs.settings.registry.hash(hash)?.hashLength ?? 0;
		writer.u8(length);
		writer.fill(0, length);
	}
	writer.close16(binders);
	writer.close16(mark);
	return bindersAt;
}

/** Fills in the binders: the ClientHello is written but not yet in the transcript (RFC 8446 4.2.11.2). */
export function sealBinders(hs: Handshake, bindersAt: number): void {
	const { messages, schedule, settings, transcript, hash: scratch } = hs;
	const { writer } = messages;
	let at = bindersAt + 2;
	for (const { key, hash, label } of hs.hello.psk.offers) {
		const algorithm = settings.registry.hash(hash);
		if (algorithm === undefined) throw new Error("a PSK is offered whose hash is not registered");
		const truncated = transcript.fork(algorithm);
		messages.updateBegun(truncated, bindersAt, writer.at);
		truncated.hash(scratch);
		schedule.start(algorithm, settings.variant.labelPrefix);
		schedule.early(key, key.length);
		schedule.binder(label, scratch, scratch);
		at++;
		messages.memory.set(scratch.subarray(0, algorithm.hashLength), at);
		at += algorithm.hashLength;
	}
}

/** Reads the server's choice off its ServerHello, whose suite is known; the reader is on the extension. */
export function acceptPskChoice(hs: Handshake, reader: Reader): Failure {
	const { hello, negotiated } = hs;
	const index = decodeSelectedIdentity(reader);
	if (index < 0) return PSK_INDEX_MALFORMED;
	if (index >= hello.psk.offers.length) return PSK_INDEX_WRONG;
	const psk = hello.psk.offers[index];
	if (psk.hash !== negotiated.suite?.hash) return PSK_HASH_WRONG;
	hello.psk.chosen = psk;
	negotiated.resumed = psk.session !== undefined;
	negotiated.pskIdentity = psk.external?.identity;
	return NO_FAILURE;
}
