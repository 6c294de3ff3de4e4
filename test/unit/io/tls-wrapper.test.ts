import { testSuite } from "../../support/xs-suite.js";

testSuite("TLS sockets as sockets", "test/suite/io/tls-wrapper.ts");
