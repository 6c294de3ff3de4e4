// Portable cases on Node and on XS: see the suite.

import { testSuite } from "../support/xs-suite.js";

testSuite("TLS 1.3 pair", "test/suite/pair/tls13.ts");
