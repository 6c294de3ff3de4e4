// Every portable suite in an image, on the PSA Crypto API, and what only that provider must do.

import { testSuites } from "../support/moddable-suites.js";

testSuites({
	title: "with the PSA provider",
	name: "polltls-suites-psa",
	manifest: "test/moddable/suites/psa/manifest.json",
	isPsa: true,
	own: ["test/suites/psa/cases", "test/suites/psa/private-keys"],
	without: [
		["a server's handshake that takes long is told of, and closing that must wait", "a handshake of one-step jobs doesn't take long"],
		["many clients on one port, by address and by id", "more connections than Mbed TLS 2.28 has places for keys (32)"],
		["a budget bounds a step", "a native job is one step: its algorithm is marked unsliced"],
		[
			"ECDSA: two signatures differ, as each is hedged with fresh randomness",
			"its nonces are RFC 6979's, without fresh randomness: nothing depends on the library's generator",
		],
	],
});
