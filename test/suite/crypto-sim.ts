// Portable cases for the provider of the simulated device, and Wycheproof's vectors if the global `vectors` holds them
// by name. Runs on XS only, where the host answers.

import { Registry } from "polltls/crypto/registry";
import {
	hostAes128Cbc,
	hostAes128Ccm,
	hostAes128Ccm8,
	hostAes128Gcm,
	hostAes256Cbc,
	hostAes256Ccm,
	hostAes256Ccm8,
	hostAes256Gcm,
	hostChaCha20Poly1305,
	hostSha1,
	hostSha256,
	hostSha384,
	hostSha512,
} from "../../hosts/sim/crypto-host.js";
import { cryptoCases } from "./crypto-cases.js";
import { checkAeadVectors, type VectorFile } from "./crypto-vectors.js";

const registry = new Registry();
for (const hash of [hostSha256, hostSha384, hostSha512, hostSha1]) registry.registerHash(registry.hashes.length, hash);
for (const bulk of [
	hostAes128Ccm,
	hostAes256Ccm,
	hostChaCha20Poly1305,
	hostAes128Gcm,
	hostAes256Gcm,
	hostAes128Ccm8,
	hostAes256Ccm8,
	hostAes128Cbc,
	hostAes256Cbc,
])
	registry.registerBulk(registry.bulks.length, bulk);

export const cases = cryptoCases(registry);

const { vectors = {} } = globalThis as { vectors?: Record<string, VectorFile> };
for (const name of Object.keys(vectors))
	cases[`Wycheproof ${name}`] = () => {
		const counts = checkAeadVectors(registry, vectors[name]);
		if (counts.total !== vectors[name].numberOfTests) throw new Error(`only ${counts.total} vectors`);
		(globalThis as { print?: (line: string) => void }).print?.(`${name}: ${counts}`);
	};
