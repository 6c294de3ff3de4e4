// The record protection of both versions of TLS. For the entry points that link both.

import type { Registry } from "./crypto/registry.js";
import type { TrafficKeys } from "./crypto/traffic-keys.js";
import type { Protection } from "./record/protection.js";
import { createProtection12 } from "./record/protection12.js";
import { createProtection13 } from "./record/protection13.js";
import { TLS_1_2 } from "./wire/registry.js";

/** By the version that the keys are for. */
export function createProtection(registry: Registry, keys: TrafficKeys): Protection {
	return keys.version === TLS_1_2 ? createProtection12(registry, keys) : createProtection13(registry, keys);
}
