import { testSuite } from "../../support/xs-suite.js";

testSuite("the host abstraction in memory", "test/suite/os-parts.ts");
