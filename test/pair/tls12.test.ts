import { testSuite } from "../support/xs-suite.js";

testSuite("TLS 1.2 pair", "test/suite/pair/tls12.ts");
