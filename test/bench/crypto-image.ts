// The image of test/moddable/bench/crypto.ts. Needs MODDABLE.

import { type BenchImage, runBenchImages } from "./image.js";
import type { Measured } from "./suite/measure.js";
import type { RsaKey } from "./suite/public-key-operations.js";

const image: BenchImage = {
	name: "polltls-bench-crypto",
	main: "crypto",
	isPreloaded: true,
	creation: { chunk: { initial: 1 << 20, incremental: 0 }, heap: { initial: 2048, incremental: 256 }, stack: 1024 },
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
		preload: ["ber", "curve", "ec", "ecp", "ecdsa", "gcm", "hmac", "modular", "mont", "pkcs1", "rng", "rsa"],
	},
};

export interface ImageSettings {
	rsaKey: RsaKey;
	rounds: number;
	microseconds: number;
	/** Bytes of chunks that are left free, the rest being filled; 0: megabytes. */
	freeChunks: number;
}

/** Groups of operations: those of suite/public-key-operations.ts, and hashes and ciphers. */
const GROUPS = 6;

/** With each of the settings. Each group runs by itself: a collection then looks at no more than it would on a device. */
export function measureInImage(...settings: ImageSettings[]): Measured[][] {
	const runs: object[] = [];
	for (const one of settings) for (let group = 0; group < GROUPS; group++) runs.push({ ...one, group });
	const figures = runBenchImages(image, runs, 120) as Measured[][];
	return settings.map((_, index) => figures.slice(GROUPS * index, GROUPS * (index + 1)).flat());
}
