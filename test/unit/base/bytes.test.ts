import { testSuite } from "../../support/xs-suite.js";

testSuite("bytes, reader, writer", "test/suite/base-bytes.ts");
