// Doubling and adding on edwards25519 on Node and on XS; in images, where it is C, test/moddable/suites.

import { testSuite } from "../../support/xs-suite.js";

testSuite("points of edwards25519", "test/suite/edwards-steps.ts", { timeoutMs: 120000 });
