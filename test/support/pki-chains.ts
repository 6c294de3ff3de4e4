// The chains of test/suite/pki-chains.ts, freshly made, as a value that survives JSON: the global `pkiChains` of the engine that
// runs the suite.

import * as failures from "polltls/base/failure";
import type { PlainChain } from "../suite/pki-chains.js";
import {
	authority,
	type Bytes,
	crl,
	dns,
	extension,
	type Forged,
	integer,
	leaf,
	NOW,
	name,
	nameConstraints,
	ocspResponse,
	pairOf,
	policies,
	policyConstraints,
	REVOKED,
	raw,
	root,
	subjectAltName,
	time,
	type Wish,
} from "./forge.js";

const hex = (bytes: Bytes): string => Buffer.from(bytes).toString("hex");
const top = root();
const middle = authority(top);
const chains: PlainChain[] = [];

function add(
	label: string,
	failure: number,
	chain: Forged[],
	more: { anchors?: Forged[]; crls?: Bytes[]; response?: Bytes; server?: string; seconds?: number } = {},
): void {
	chains.push({
		name: label,
		chain: chain.map((each) => hex(each.der)),
		anchors: (more.anchors ?? [top]).map((each) => hex(each.der)),
		crls: (more.crls ?? []).map(hex),
		response: hex(more.response ?? raw()),
		server: more.server ?? "leaf.example",
		seconds: more.seconds ?? NOW,
		failure,
	});
}

for (const kind of ["p256", "p384", "ed25519", "rsa", "rsa-pss"] as const) {
	const own = root({ pair: pairOf(kind, "root") });
	const between = authority(own, { pair: pairOf(kind, "authority") });
	add(`three certificates of ${kind}`, failures.NO_FAILURE, [leaf(between, { pair: pairOf(kind, "leaf") }), between], { anchors: [own] });
	const fake = authority(root({ pair: pairOf(kind, "fake") }), { pair: pairOf(kind, "authority") });
	add(`a wrong signature of ${kind}`, failures.CERTIFICATE_SIGNATURE_WRONG, [leaf(fake), fake], { anchors: [own] });
}
for (const hash of ["sha384", "sha512"]) {
	add(`ECDSA with ${hash}`, failures.NO_FAILURE, [leaf(top, { hash })]);
	const own = root({ pair: pairOf("rsa", "root") });
	add(`RSA with ${hash}`, failures.NO_FAILURE, [leaf(own, { hash })], { anchors: [own] });
}
const end = leaf(middle);
const under = (wish: Wish, endWish: Wish = {}): Forged[] => {
	const above = authority(top, { pair: middle.pair, ...wish });
	return [leaf(above, endWish), above];
};
add("nobody known", failures.CERTIFICATE_ISSUER_UNKNOWN, [end]);
add("another name", failures.CERTIFICATE_NAME_MISMATCH, [end, middle], { server: "other.example" });
add("too early", failures.CERTIFICATE_NOT_YET_VALID, [end, middle], { seconds: 1 });
add("too late", failures.CERTIFICATE_EXPIRED, [end, middle], { seconds: NOW + 1e9 });
add("in another order, with a stranger", failures.NO_FAILURE, [end, authority(root({ subject: name("S") }), { subject: name("T") }), middle]);
add("two ways, one dead", failures.NO_FAILURE, [end, authority(top, { pair: middle.pair, notAfter: time(NOW - 1) }), middle]);
add("a small key", failures.CERTIFICATE_KEY_TOO_SMALL, [leaf(top, { pair: pairOf("rsa1024") })]);
add("a weak hash", failures.CERTIFICATE_HASH_REFUSED, [leaf(top, { hash: "sha1" })]);
add("names permitted", failures.NO_FAILURE, under({ more: [nameConstraints([dns("example")], [dns("bad.example")])] }));
add("names not permitted", failures.CERTIFICATE_NAME_NOT_PERMITTED, under({ more: [nameConstraints([dns("other")], [])] }));
add("a policy required", failures.CERTIFICATE_POLICY_REFUSED, under({ more: [policies("1.2.3"), policyConstraints(0)] }));
const san = subjectAltName(dns("leaf.example"));
add("a policy given", failures.NO_FAILURE, under({ more: [policies("1.2.3"), policyConstraints(0)] }, { more: [policies("1.2.3"), san] }));
add("something critical", failures.CERTIFICATE_CRITICAL_EXTENSION_UNKNOWN, [leaf(top, { more: [san, extension("1.2.3", true, raw(1))] })]);
add("a CRL", failures.NO_FAILURE, [end, middle], { crls: [crl(middle, { revoked: [{ serial: integer(5) }] })] });
add("revoked by a CRL", failures.CERTIFICATE_REVOKED, [end, middle], { crls: [crl(middle, { revoked: [{ serial: end.serial }] })] });
add("a stapled response", failures.NO_FAILURE, [end, middle], { response: ocspResponse(end, middle) });
add("revoked by a response", failures.CERTIFICATE_REVOKED, [end, middle], { response: ocspResponse(end, middle, { status: REVOKED }) });

/** The chains, and a key (PKCS#8, PEM) to issue with. */
export const pkiChains = { chains, key: pairOf("p256").privateKey.export({ type: "pkcs8", format: "pem" }) };
