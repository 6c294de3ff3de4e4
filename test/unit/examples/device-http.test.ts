import { testSuite } from "../../support/xs-suite.js";

testSuite("the device's HTTP", "test/suite/device-http.ts");
