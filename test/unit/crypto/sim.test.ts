// The provider of the simulated device (hosts/sim/crypto-host) on XS: the same cases and vectors as the others.

import { test } from "node:test";
import { loadWycheproof, WYCHEPROOF_MISSING } from "../../support/wycheproof.js";
import { runSuiteOnXs } from "../../support/xs-suite.js";

test("crypto on the simulated device", async (context) => {
	const vectors: Record<string, unknown> = {};
	for (const name of ["aes_gcm_test", "aes_ccm_test", "chacha20_poly1305_test"]) {
		const file = loadWycheproof(name);
		if (file === undefined) context.diagnostic(WYCHEPROOF_MISSING);
		else vectors[name] = file;
	}
	for (const { name, error } of await runSuiteOnXs("test/suite/crypto-sim.ts", { globals: { vectors }, onPrint: (line) => context.diagnostic(line) }))
		await context.test(name, () => {
			if (error !== undefined) throw new Error(error);
		});
});
