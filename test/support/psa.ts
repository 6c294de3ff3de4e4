// Whether this machine has the PSA Crypto API for images with the PSA provider.

import { spawnSync } from "node:child_process";
import type { Skipping } from "./peers.js";

const program = "#include <psa/crypto.h>\nint main(void) { return psa_crypto_init(); }\n";
const MISSING = "the PSA Crypto API isn't installed (Debian: apt-get install libmbedtls-dev)";
let isThere: boolean | undefined;

/** Whether images with the PSA provider can be built; without it the test is skipped with the reason, or fails with REQUIRE_PEERS=1. */
export function requirePsa(t: Skipping): boolean {
	if (isThere === undefined) {
		const { status } = spawnSync("gcc", ["-x", "c", "-", "-o", "/dev/null", "-lmbedcrypto"], { input: program, encoding: "utf8", timeout: 30_000 });
		isThere = status === 0;
	}
	if (isThere) return true;
	if (process.env.REQUIRE_PEERS === "1") throw new Error(MISSING);
	t.skip(MISSING);
	return false;
}
