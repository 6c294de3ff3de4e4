// Whole connections in a debug image, on the SDK's natives: the engine checks more there.

import { testSuites } from "../support/moddable-suites.js";

testSuites({
	title: "as debug image",
	name: "polltls-suites-debug",
	manifest: "test/moddable/suites/manifest.json",
	debug: true,
	only: /\/pair\/(tls13|tls12|dtls)$|\/io\//,
});
