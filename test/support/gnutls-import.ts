// A small program of ours on GnuTLS 3.8, of Debian trixie's packages: imported pre-shared keys.

import type { Skipping } from "./peers.js";
import type { Ending, Program } from "./processes.js";
import { buildTrixieProgram } from "./trixie.js";

/** See test/support/gnutls-import.c. */
export function buildGnutlsImport(t: Ending & Skipping): ((...args: string[]) => Program) | undefined {
	return buildTrixieProgram(t, {
		name: "gnutls-import",
		packages: [
			...["libgnutls28-dev", "libgnutls30t64", "libnettle8t64", "libhogweed6t64", "libgmp10", "libp11-kit0", "libffi8", "libidn2-0", "libunistring5"],
			...["libtasn1-6", "libc6"],
		],
		source: "gnutls-import.c",
		libraries: ["libgnutls.so.30"],
	});
}
