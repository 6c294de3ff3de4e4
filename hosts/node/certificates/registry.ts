// The registry of the commands on certificates: every signature that there is.

import { ed25519 } from "polltls/crypto/public-key/ed25519";
import type { Registry } from "polltls/crypto/registry";
import { nodeRegistry } from "../registry.js";

/** Started. */
export function certificateRegistry(): Registry {
	const registry = nodeRegistry("node");
	if (registry.signature(ed25519.keyType) === undefined) registry.registerSign(registry.signatures.length, ed25519);
	registry.start();
	return registry;
}
