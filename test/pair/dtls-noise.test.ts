import { testSuite } from "../support/xs-suite.js";

testSuite("DTLS noise", "test/suite/pair/dtls-noise.ts");
