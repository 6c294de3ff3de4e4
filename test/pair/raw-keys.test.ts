// Portable cases on Node and on XS: see the suite.

import { testSuite } from "../support/xs-suite.js";

testSuite("raw public keys", "test/suite/pair/raw-keys.ts");
