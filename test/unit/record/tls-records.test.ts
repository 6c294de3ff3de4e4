// Portable cases on Node and on XS: see the suite.

import { testSuite } from "../../support/xs-suite.js";

testSuite("records over a stream", "test/suite/tls-records.ts");
