// Long integers on Node and on XS, with fresh answers of node:crypto to agree with.

import { longIntegerVectors } from "../../support/long-integer-vectors.js";
import { testSuite } from "../../support/xs-suite.js";

testSuite("long integers", "test/suite/long-integers.ts", { globals: { longIntegerVectors } });
