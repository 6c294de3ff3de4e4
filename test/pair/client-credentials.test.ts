// Portable cases on Node and on XS: see the suite.

import { testSuite } from "../support/xs-suite.js";

testSuite("client credentials", "test/suite/pair/client-credentials.ts");
