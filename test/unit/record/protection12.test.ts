// Record protection of TLS 1.2: see the suite. What takes much hashing runs on Node only.

import { test } from "node:test";
import { longCases } from "../../suite/protection12.js";
import { testSuite } from "../../support/xs-suite.js";

testSuite("record protection of TLS 1.2", "test/suite/protection12.ts");

test("record protection of TLS 1.2 at length, on Node", async (t) => {
	for (const name of Object.keys(longCases)) await t.test(name, longCases[name]);
});
