// Chains verified by our own public-key arithmetic, on Node and on XS.

import { pkiChains } from "../../support/pki-chains.js";
import { testSuite } from "../../support/xs-suite.js";

testSuite("pki", "test/suite/pki-chains.ts", { globals: { pkiChains } });
