import { testSuite } from "../support/xs-suite.js";

testSuite("DTLS renegotiation", "test/suite/pair/dtls-renegotiation.ts");
