import { testSuite } from "../../support/xs-suite.js";

testSuite("crypto on noble", "test/suite/crypto-noble.ts");
