import { testSuite } from "../support/xs-suite.js";

testSuite("DTLS services", "test/suite/pair/dtls-services.ts");
