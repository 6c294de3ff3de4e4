// A small program of ours on mbedtls, of Debian trixie's packages: DTLS 1.2 with connection ids.

import type { Skipping } from "./peers.js";
import type { Ending, Program } from "./processes.js";
import { buildTrixieProgram } from "./trixie.js";

/** See test/support/mbedtls-cid.c. */
export function buildMbedtlsPeer(t: Ending & Skipping): ((...args: string[]) => Program) | undefined {
	return buildTrixieProgram(t, {
		name: "mbedtls",
		packages: ["libmbedtls-dev", "libmbedtls21", "libmbedx509-7", "libmbedcrypto16", "libc6"],
		source: "mbedtls-cid.c",
		libraries: ["libmbedtls.so.21", "libmbedx509.so.7", "libmbedcrypto.so.16"],
	});
}
