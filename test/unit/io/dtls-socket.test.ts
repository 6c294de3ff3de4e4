import { testSuite } from "../../support/xs-suite.js";

testSuite("DTLS sockets", "test/suite/io/dtls-socket.ts");
