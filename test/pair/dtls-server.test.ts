import { testSuite } from "../support/xs-suite.js";

testSuite("DTLS servers", "test/suite/pair/dtls-server.ts");
