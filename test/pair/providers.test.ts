// Portable cases on Node and on XS: see the suite.

import { testSuite } from "../support/xs-suite.js";

testSuite("providers that fail", "test/suite/pair/providers.ts");
