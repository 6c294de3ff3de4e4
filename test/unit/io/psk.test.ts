// Portable cases on Node and on XS: see the suite.

import { testSuite } from "../../support/xs-suite.js";

testSuite("pre-shared keys of sockets", "test/suite/io/psk.ts");
