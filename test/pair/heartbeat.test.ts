import { testSuite } from "../support/xs-suite.js";

testSuite("heartbeats", "test/suite/pair/heartbeat.ts");
