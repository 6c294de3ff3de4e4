import { testSuite } from "../support/xs-suite.js";

testSuite("TLS 1.3 refusals", "test/suite/pair/refusals13.ts");
