// Which of a server's times a device believes.

import assert from "node:assert/strict";
import { test } from "node:test";
import { TIME_STAYS, timeToTry } from "polltls/io/secure-time";
import { VERIFY_EXPIRED, VERIFY_NAME_MISMATCH, VERIFY_NOT_TRUSTED, VERIFY_NOT_YET_VALID, VERIFY_TIME_UNKNOWN } from "polltls/pki/verify-result";

const made = 1_760_000_000;
const now = 1_770_000_000;

/** By a device whose clock says deviceTime; a server that isn't trusted for time, if nothing else is said. */
function tried(verifyResult: number, serverTime: number, deviceTime: number, isTimeServer = false): number {
	return timeToTry({ verifyResult, serverTime, deviceTime, earliest: made, isTimeServer });
}

test("not yet valid: the clock goes forward, never back", () => {
	assert.equal(tried(VERIFY_NOT_YET_VALID, now, 0), now);
	assert.equal(tried(VERIFY_NOT_YET_VALID, now, made), now);
	assert.equal(tried(VERIFY_NOT_YET_VALID, now, now), TIME_STAYS);
	assert.equal(tried(VERIFY_NOT_YET_VALID, now, now + 1, true), TIME_STAYS);
});

test("expired: only by a server that is trusted for time, and back only", () => {
	assert.equal(tried(VERIFY_EXPIRED, now, now + 1e8), TIME_STAYS);
	assert.equal(tried(VERIFY_EXPIRED, now, now + 1e8, true), now);
	assert.equal(tried(VERIFY_EXPIRED, now, now - 1, true), TIME_STAYS);
});

test("unknown: what is not before the firmware was made", () => {
	assert.equal(tried(VERIFY_TIME_UNKNOWN, now, -1), now);
	assert.equal(tried(VERIFY_TIME_UNKNOWN, made - 1, -1), TIME_STAYS);
	assert.equal(tried(VERIFY_TIME_UNKNOWN, 0, -1), TIME_STAYS);
	assert.equal(timeToTry({ verifyResult: VERIFY_TIME_UNKNOWN, serverTime: 0, deviceTime: -1, earliest: 0, isTimeServer: true }), TIME_STAYS);
	assert.equal(tried(VERIFY_TIME_UNKNOWN, now, now), TIME_STAYS);
});

test("good certificates and those that are bad in another way leave the clock alone", () => {
	for (const result of [0, VERIFY_NOT_TRUSTED, VERIFY_NOT_YET_VALID | VERIFY_NAME_MISMATCH, VERIFY_EXPIRED | VERIFY_NOT_YET_VALID])
		assert.equal(tried(result, now, 0, true), TIME_STAYS);
	assert.equal(tried(VERIFY_EXPIRED | VERIFY_NOT_TRUSTED, now, now + 5, true), TIME_STAYS);
});
