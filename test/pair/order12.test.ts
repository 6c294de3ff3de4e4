import { testSuite } from "../support/xs-suite.js";

testSuite("TLS 1.2 states", "test/suite/pair/order12.ts");
