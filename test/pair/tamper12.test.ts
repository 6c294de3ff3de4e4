// One bit of each byte of a handshake changed: see the suite.

import { test } from "node:test";
import { longCases } from "../suite/pair/tamper12.js";
import { testSuite } from "../support/xs-suite.js";

testSuite("TLS 1.2 with a changed byte", "test/suite/pair/tamper12.ts");

// Thousands of handshakes with public keys: on XS they would take minutes
test("TLS 1.2 with a changed byte, long, on Node", async (t) => {
	for (const name of Object.keys(longCases)) await t.test(name, longCases[name]);
});
