// Portable cases on Node and on XS: see the suite.

import { testSuite } from "../support/xs-suite.js";

testSuite("imported PSKs", "test/suite/pair/imported-psk.ts");
