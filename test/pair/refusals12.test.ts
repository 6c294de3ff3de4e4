import { testSuite } from "../support/xs-suite.js";

testSuite("TLS 1.2 refusals", "test/suite/pair/refusals12.ts");
