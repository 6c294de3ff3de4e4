// Portable cases on Node and on XS: see the suite.

import { testSuite } from "../support/xs-suite.js";

testSuite("DTLS pair", "test/suite/pair/dtls.ts");
