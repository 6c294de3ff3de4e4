import { testSuite } from "../../support/xs-suite.js";

testSuite("settings", "test/suite/io/settings.ts");
