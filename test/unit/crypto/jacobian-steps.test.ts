// Doubling and adding on Node and on XS; in images, where it is C, test/moddable/suites.

import { testSuite } from "../../support/xs-suite.js";

testSuite("points in Jacobian coordinates", "test/suite/jacobian-steps.ts", { timeoutMs: 120000 });
