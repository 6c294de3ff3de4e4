// The simulated device's crypto, checked on XS.

import assert from "node:assert/strict";
import { test } from "node:test";
import { runSuiteOnXs } from "../../support/xs-suite.js";

test("the simulated device's crypto", async (t) => {
	for (const { name, error } of await runSuiteOnXs("test/suite/sim-crypto.ts")) await t.test(name, () => assert.equal(error, undefined));
});
