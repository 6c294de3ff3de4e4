// The image of test/moddable/bench/crypto.ts. Needs MODDABLE.

import { type BenchImage, runBenchImages } from "./image.js";
import type { Measured } from "./suite/measure.js";
import type { RsaKey } from "./suite/public-key-operations.js";

const image: BenchImage = {
	name: "polltls-bench-crypto",
	main: "crypto",
	sdk: {
		include: ["$(MODULES)/crypt/bin/manifest.json"],
		modules: {
			ec: "$(MODULES)/crypt/arith/ec",
			ecp: "$(MODULES)/crypt/arith/ecp",
			modular: "$(MODULES)/crypt/arith/modular",
			mont: "$(MODULES)/crypt/arith/mont",
			xsBigIntEx: "$(MODULES)/crypt/arith/xsBigIntEx",
			ber: "$(MODULES)/crypt/etc/ber",
			curve: "$(MODULES)/crypt/etc/curve",
			ecdsa: "$(MODULES)/crypt/etc/ecdsa",
			gcm: "$(MODULES)/crypt/etc/gcm",
			hmac: "$(MODULES)/crypt/etc/hmac",
			pkcs1: "$(MODULES)/crypt/etc/pkcs1",
			rng: "$(MODULES)/crypt/etc/rng",
			rsa: "$(MODULES)/crypt/etc/rsa",
		},
		preload: ["ber", "ec", "ecp", "ecdsa", "gcm", "hmac", "modular", "mont", "pkcs1", "rng", "rsa"],
	},
};

export interface ImageSettings {
	rsaKey: RsaKey;
	rounds: number;
	microseconds: number;
	/** Bytes of chunks that are left free, the rest being filled; 0: megabytes. */
	freeChunks: number;
}

/** With each of the settings, one run after the other. */
export function measureInImage(...settings: ImageSettings[]): Measured[][] {
	return runBenchImages(image, settings, 120) as Measured[][];
}
