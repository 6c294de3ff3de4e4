import { testSuite } from "../../support/xs-suite.js";

testSuite("native interfaces", "test/suite/io/native.ts");
