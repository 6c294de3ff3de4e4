// What is benched: certificates, versions and suites. For Node.

import { readFileSync } from "node:fs";
import { makePki, type Pki } from "../support/pki.js";
import type { Identity, Setup } from "./suite/party.js";

export const TLS_1_2 = 0x0303;
export const TLS_1_3 = 0x0304;
const x25519 = 0x001d;
/** Named too because clients of TLS 1.2 must name the curve of the certificate (RFC 8422 5.1). */
const secp256r1 = 0x0017;

export type KeyKind = "ec" | "rsa";

let pki: Pki | undefined;

/** Certificates, made on first use. */
export function benchPki(): Pki {
	pki ??= makePki();
	return pki;
}

function identityOf(kind: KeyKind): Identity {
	const { ca } = benchPki();
	const { certificate, key } = benchPki()[kind];
	return { ca: readFileSync(ca, "utf8"), chain: readFileSync(certificate, "utf8"), key: readFileSync(key, "utf8") };
}

/** The usual suite of a version where it isn't given: AES-128-GCM. */
export function setupOf(version: number, kind: KeyKind, profile: "web" | "iot", suite?: number): Setup {
	const usual = version === TLS_1_3 ? 0x1301 : kind === "ec" ? 0xc02b : 0xc02f;
	return { version, suite: suite ?? usual, groups: [x25519, secp256r1], identity: identityOf(kind), seconds: Math.floor(Date.now() / 1000), profile };
}

export function versionName(version: number): string {
	return version === TLS_1_3 ? "1.3" : "1.2";
}
