import { testSuite } from "../../support/xs-suite.js";

testSuite("TLS sockets", "test/suite/io/tls-socket.ts");
