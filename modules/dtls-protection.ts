// Which record protection a version of DTLS has: for the entry points.

import type { Registry } from "./crypto/registry.js";
import type { TrafficKeys } from "./crypto/traffic-keys.js";
import type { CarriedId, DtlsProtection } from "./record/dtls-protection.js";
import { createDtlsProtection12 } from "./record/dtls-protection12.js";
import { createDtlsProtection13 } from "./record/dtls-protection13.js";
import { TLS_1_3 } from "./wire/registry.js";

/** For both versions. */
export function createDtlsProtection(registry: Registry, keys: TrafficKeys, epoch: number, cid: CarriedId): DtlsProtection {
	return keys.version === TLS_1_3 ? createDtlsProtection13(registry, keys, epoch, cid) : createDtlsProtection12(registry, keys, epoch, cid);
}
