// Every file of Wycheproof's is read by a test, or there is a reason why not; what they leave to us is decided.

import assert from "node:assert/strict";
import { existsSync, readdirSync } from "node:fs";
import { test } from "node:test";
import { loadWycheproof, WYCHEPROOF_FOLDER, WYCHEPROOF_MISSING } from "../../support/wycheproof.js";
import { wycheproofLeftOut, wycheproofRead } from "../../support/wycheproof-files.js";

test("Wycheproof's files: read or left out for a reason, with our decisions", (t) => {
	if (!existsSync(WYCHEPROOF_FOLDER)) return t.skip(WYCHEPROOF_MISSING);
	const there = readdirSync(WYCHEPROOF_FOLDER)
		.filter((name) => name.endsWith(".json.gz"))
		.map((name) => name.slice(0, -".json.gz".length));
	assert.deepEqual(there.sort(), [...Object.keys(wycheproofRead), ...Object.keys(wycheproofLeftOut)].sort());
	let all = 0;
	for (const name in wycheproofRead) {
		const counts = { valid: 0, invalid: 0, acceptable: 0 };
		const file = loadWycheproof(name);
		assert.ok(file);
		for (const { tests } of file.testGroups) for (const { result } of tests) counts[result]++;
		const { valid, invalid, acceptable } = counts;
		assert.equal(valid + invalid + acceptable, file.numberOfTests, name);
		assert.equal(acceptable > 0, wycheproofRead[name] !== "", `${name}: a decision about what is acceptable`);
		all += file.numberOfTests;
		t.diagnostic(`${name}: ${valid} valid, ${invalid} invalid${acceptable > 0 ? `, ${acceptable} acceptable, ${wycheproofRead[name]}` : ""}`);
	}
	t.diagnostic(`${Object.keys(wycheproofRead).length} files, ${all} vectors`);
	for (const name in wycheproofLeftOut) t.diagnostic(`${name}: left out, ${wycheproofLeftOut[name]}`);
});

test("a file that isn't in the list can't be read", (t) => {
	if (!existsSync(WYCHEPROOF_FOLDER)) return t.skip(WYCHEPROOF_MISSING);
	assert.throws(() => loadWycheproof("x448_test"), /x448_test/);
});
