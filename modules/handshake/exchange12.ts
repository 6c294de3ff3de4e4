// The key exchanges of 1.2: which messages each has, and how a premaster secret is put together (RFC 5246 8.1, RFC 4279,
// RFC 5489). For both roles; what each does with them stands in client-exchange12 and server-exchange12.

import { copy, wipe } from "../base/bytes.js";
import { DONE } from "../base/status.js";
import { DHE, DHE_PSK, ECDHE, ECDHE_PSK, PSK, RSA, type Suite } from "../crypto/suites.js";
import { EC_SHARE, LONG_SHARE, NO_SHARE } from "../wire/client-key-exchange.js";
import { DH_PARAMETERS, EC_PARAMETERS, NO_PARAMETERS } from "../wire/server-key-exchange.js";
import { SLICE } from "./auth13.js";
import type { Handshake } from "./handshake.js";
import { state12 } from "./handshake12.js";

/** The suite, once it is known. */
export function suite12(hs: Handshake): Suite {
	const { suite } = hs.negotiated;
	if (suite === undefined) throw new Error("the suite is not known yet");
	return suite;
}

export function isEllipticExchange(exchange: number): boolean {
	return exchange === ECDHE || exchange === ECDHE_PSK;
}

export function isFiniteExchange(exchange: number): boolean {
	return exchange === DHE || exchange === DHE_PSK;
}

export function isPskExchange(exchange: number): boolean {
	return exchange === PSK || exchange === ECDHE_PSK || exchange === DHE_PSK;
}

/** A slice of the exchange: WORKING, DONE or a failure. */
export function stepExchange(hs: Handshake): number {
	const { job } = state12(hs);
	if (job !== undefined) return job.step(SLICE);
	return hs.exchange === undefined ? DONE : hs.exchange.step(SLICE);
}

/** Which parameters stand in the ServerKeyExchange. */
export function parametersOf(exchange: number): number {
	if (isEllipticExchange(exchange)) return EC_PARAMETERS;
	return isFiniteExchange(exchange) ? DH_PARAMETERS : NO_PARAMETERS;
}

/** Which share stands in the ClientKeyExchange. */
export function shareOf(exchange: number): number {
	if (isEllipticExchange(exchange)) return EC_SHARE;
	return isFiniteExchange(exchange) || exchange === RSA ? LONG_SHARE : NO_SHARE;
}

/** Whether a NamedGroup is one of elliptic curves, as far as 1.2 knows any; hybrids belong to 1.3. */
export function isCurve(group: number): boolean {
	return group >> 8 === 0;
}

/** Whether a NamedGroup is one of finite fields (RFC 7919). */
export function isField(group: number): boolean {
	return group >> 8 === 1;
}

/** Keeps [at, end) of secret as the premaster secret; with a PSK of the handshake it is one half of it. */
export function keepPremaster(hs: Handshake, secret: Uint8Array, at: number, end: number): void {
	const own = state12(hs);
	wipe(own.premaster);
	if (own.psk === undefined) {
		own.premaster = secret.slice(at, end);
		return;
	}
	const { key } = own.psk;
	const premaster = new Uint8Array(2 + (end - at) + 2 + key.length);
	premaster[0] = (end - at) >> 8;
	premaster[1] = end - at;
	copy(premaster, 2, secret, at, end);
	const keyAt = 4 + (end - at);
	premaster[keyAt - 2] = key.length >> 8;
	premaster[keyAt - 1] = key.length;
	premaster.set(key, keyAt);
	own.premaster = premaster;
}

/** A bare PSK: as many zeros stand for the other half (RFC 4279 2). */
export function keepPskPremaster(hs: Handshake): void {
	const length = state12(hs).psk?.key.length ?? 0;
	keepPremaster(hs, new Uint8Array(length), 0, length);
}

/** What the server signs: both randoms and its parameters at [at, end) of bytes. */
export function joinSigned(hs: Handshake, bytes: Uint8Array, at: number, end: number): Uint8Array {
	const signed = new Uint8Array(64 + end - at);
	signed.set(hs.hello.clientRandom, 0);
	signed.set(hs.hello.serverRandom, 32);
	copy(signed, 64, bytes, at, end);
	return signed;
}
