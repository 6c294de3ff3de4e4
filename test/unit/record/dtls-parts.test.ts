// Portable cases on Node and on XS: see the suite.

import { testSuite } from "../../support/xs-suite.js";

testSuite("parts of DTLS", "test/suite/dtls-parts.ts");
