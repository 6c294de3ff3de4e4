// A server's time for a device that has none or a wrong one: whether it may be believed. For applications, with serverTime
// and verifyResult of a connection (io/services).
//
// The time stands in the server's random of 1.2. What protects it: the server signs it together with its key exchange, and
// its certificates must be good at that very time. What doesn't: a server that fills the field with random bytes, as most do
// today, and a stolen key whose certificate was good once. Hence the rules: a clock goes forward only, never before the
// firmware was made; back only by a server that is marked as trusted for time.

import { VERIFY_EXPIRED, VERIFY_NOT_YET_VALID, VERIFY_TIME_UNKNOWN } from "../pki/verify-result.js";

/** The answer where the server's time is not to be believed. */
export const TIME_STAYS = -1;

/** What is known of the time. All in seconds since 1970. */
export interface TimeQuestion {
	/** Of the connection. */
	readonly verifyResult: number;
	readonly serverTime: number;
	/** The device's; -1 if it doesn't know it. */
	readonly deviceTime: number;
	/** It is later than this: when the firmware was made, or the last time that was known. */
	readonly earliest: number;
	/** The server is one that the device takes the time of. */
	readonly isTimeServer: boolean;
}

/**
 * The time to judge the server's certificates by once more, and to set the clock to if they are good then: TIME_STAYS if the
 * verdict stands. A device that doesn't know the time asks after a handshake (with TIME_UNKNOWN_ACCEPT), one whose clock is
 * wrong after the handshake failed.
 *
 *     const time = timeToTry({ verifyResult, serverTime, deviceTime: clock.seconds(), earliest: built, isTimeServer: false });
 *     if (time !== TIME_STAYS) while ((code = socket.renegotiate(time)) === WAIT) poll();   // OK: now set the clock
 */
export function timeToTry({ verifyResult, serverTime, deviceTime, earliest, isTimeServer }: TimeQuestion): number {
	if (serverTime < earliest || serverTime === 0) return TIME_STAYS;
	switch (verifyResult) {
		case VERIFY_TIME_UNKNOWN:
			return deviceTime < 0 ? serverTime : TIME_STAYS;
		case VERIFY_NOT_YET_VALID:
			return serverTime > deviceTime ? serverTime : TIME_STAYS;
		case VERIFY_EXPIRED:
			return isTimeServer && serverTime < deviceTime ? serverTime : TIME_STAYS;
		default:
			return TIME_STAYS;
	}
}
