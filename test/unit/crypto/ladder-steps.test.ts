// The ladder of Curve25519 on Node and on XS; in images, where it is C, test/moddable/suites.

import { testSuite } from "../../support/xs-suite.js";

testSuite("the ladder of Curve25519", "test/suite/ladder-steps.ts", { timeoutMs: 120000 });
