import { testSuite } from "../../support/xs-suite.js";

testSuite("wire of TLS 1.2", "test/suite/wire12.ts");
