import { testSuite } from "../../support/xs-suite.js";

testSuite("elliptic curves", "test/suite/elliptic-curves.ts", { timeoutMs: 120000 });
