import { testSuite } from "../../support/xs-suite.js";

testSuite("the stack", "test/suite/io/module.ts");
