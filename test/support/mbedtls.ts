// A small program of ours on mbedtls, of Debian trixie's packages: DTLS 1.2 with connection ids.

import { spawnSync } from "node:child_process";
import { join } from "node:path";
import type { Skipping } from "./peers.js";
import { type Ending, type Program, projectRoot, start, temporaryFolder } from "./processes.js";
import { trixiePackages, trixieProgram } from "./trixie.js";

const packages = ["libmbedtls-dev", "libmbedtls21", "libmbedx509-7", "libmbedcrypto16", "libc6"];

/** Builds the program; without the packages or a compiler the test is skipped with the reason, or fails with REQUIRE_PEERS=1. */
export function buildMbedtlsPeer(t: Ending & Skipping): ((...args: string[]) => Program) | undefined {
	const root = trixiePackages("mbedtls", packages);
	let missing = typeof root === "string" ? "" : root.missing;
	if (typeof root === "string") {
		const program = join(temporaryFolder(t), "mbedtls-cid");
		const { path, args, libraries } = trixieProgram(root, program);
		// Against this machine's libc headers; the libraries' own libc is there at run time only
		const sources = ["-idirafter", join(root, "usr/include"), join(projectRoot, "test/support/mbedtls-cid.c"), "-o", program];
		const linked = [`-L${libraries}`, "-l:libmbedtls.so.21", "-l:libmbedx509.so.7", "-l:libmbedcrypto.so.16", "-Wl,--unresolved-symbols=ignore-in-shared-libs"];
		const { status, stderr, error } = spawnSync("cc", [...sources, ...linked], { encoding: "utf8", timeout: 30_000 });
		if (status === 0) return (...own) => start(t, path, [...args, ...own]);
		missing = error?.message ?? stderr;
	}
	if (process.env.REQUIRE_PEERS === "1") throw new Error(missing);
	t.skip(`mbedtls: ${missing}`);
	return undefined;
}
