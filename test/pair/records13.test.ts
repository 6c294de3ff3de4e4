// Portable cases on Node and on XS: see the suite.

import { testSuite } from "../support/xs-suite.js";

testSuite("TLS 1.3 records", "test/suite/pair/records13.ts");
testSuite("TLS 1.3 states", "test/suite/pair/order13.ts");
testSuite("TLS 1.3 early data", "test/suite/pair/early13.ts");
