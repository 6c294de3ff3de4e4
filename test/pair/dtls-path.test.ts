import { testSuite } from "../support/xs-suite.js";

testSuite("DTLS and the network", "test/suite/pair/dtls-path.ts");
