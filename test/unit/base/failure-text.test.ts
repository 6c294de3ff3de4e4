// Every failure and alert has its name as text.

import assert from "node:assert/strict";
import { test } from "node:test";
import * as alerts from "polltls/base/alert";
import * as failures from "polltls/base/failure";
import { alertOf, codeOf } from "polltls/base/failure";
import { alertName, failureName } from "polltls/base/failure-text";

test("a failure's text is its row's name", () => {
	let rows = 0;
	for (const [name, value] of Object.entries(failures)) {
		if (typeof value !== "number") continue;
		rows++;
		assert.equal(failureName(value), name);
	}
	assert.ok(rows > 10);
	assert.equal(failureName(0), "NO_FAILURE");
	assert.equal(failureName(0x7fff0000), "failure 2147418112");
});

test("an alert's text is its RFC name", () => {
	for (const [name, value] of Object.entries(alerts)) assert.equal(alertName(value), name);
	assert.equal(alertName(51), "decrypt_error");
	assert.equal(alertName(99), "alert 99");
});

test("a failure holds its alert and its code", () => {
	assert.equal(alertName(alertOf(failures.SIGNATURE_WRONG)), "decrypt_error");
	assert.equal(codeOf(failures.SIGNATURE_WRONG), 16);
	assert.equal(alertName(alertOf(failures.TRANSPORT_ENDED)), "no_alert");
});
