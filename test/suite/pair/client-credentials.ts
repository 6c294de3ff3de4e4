// Portable cases: what a client proves itself with. Ed25519 keys in 1.2, whose signature is over the messages themselves, and
// which of several certificates is shown. On Node and on XS.

import { CERTIFICATE_AUTHORITIES_MALFORMED, CERTIFICATE_MISSING_12, CERTIFICATE_REQUEST_MALFORMED_12, NO_FAILURE } from "polltls/base/failure";
import { WORKING } from "polltls/base/status";
import { ed25519 } from "polltls/crypto/public-key/ed25519";
import { Ed25519Generate } from "polltls/crypto/public-key/ed25519-generate";
import { Registry } from "polltls/crypto/registry";
import type { Credential } from "polltls/handshake/settings";
import { Certificate } from "polltls/pki/certificate";
import { ChainPolicy } from "polltls/pki/chain-policy";
import { PURPOSE_CLIENT } from "polltls/pki/extensions";
import { ecdsa_secp256r1_sha256, TLS_1_2, TLS_1_3 } from "polltls/wire/registry";
import { dtlsPair } from "./dtls-pair.js";
import { type Alter, equal, Pair, type PairOptions, TestEntropy, TestPki } from "./harness.js";
import { testRegistry12 } from "./harness12.js";
import { describeEnd } from "./lossy-network.js";

const without = testRegistry12();
const registry = new Registry();
for (const hash of without.hashes) registry.registerHash(registry.hashes.length, hash);
for (const bulk of without.bulks) registry.registerBulk(registry.bulks.length, bulk);
for (const signature of [...without.signatures, ed25519]) registry.registerSign(registry.signatures.length, signature);
for (const exchange of without.keyExchanges) registry.registerKeyExchange(registry.keyExchanges.length, exchange);
registry.start();
const pki = new TestPki(registry);

const certificate_request = 13;
const ECDSA_GCM = 0xc02b;
const ECDSA_CBC = 0xc023;

function edwards(): Credential {
	const pair = new Ed25519Generate(registry);
	pair.start(new TestEntropy(11), 0);
	while (pair.step(1000) === WORKING);
	return pki.issue("device", ["device"], PURPOSE_CLIENT, pair);
}

const client = edwards();
const only12 = { minimumVersion: TLS_1_2, maximumVersion: TLS_1_2 };
const only13 = { minimumVersion: TLS_1_3 };

/** The client proves itself, and data goes both ways. */
function proven(options: PairOptions): Pair {
	const pair = new Pair(pki, registry, {
		...options,
		client: { ...only12, credentials: [client], ...options.client },
		server: { ...only12, verifyClient: "require", ...options.server },
	});
	pair.run();
	for (const { connection } of [pair.client, pair.server]) equal(connection.failure, NO_FAILURE, `${connection.stateName}, ${String(connection.cause)}`);
	equal(pair.open, true);
	equal(pair.server.connection.negotiated.peerAuthenticated, true);
	pair.client.write("hello");
	pair.server.write("world");
	pair.run();
	equal(pair.server.text, "hello");
	equal(pair.client.text, "world");
	return pair;
}

const anybody = new ChainPolicy();
anybody.trustAll = true;

/** A name as it stands in its list: the issuer of a credential's certificate. */
function issuerOf({ chain }: Credential): number[] {
	const certificate = new Certificate();
	equal(certificate.decode(chain[0], 0, chain[0].length), NO_FAILURE);
	const { at, end } = certificate.issuer;
	return [(end - at) >> 8, (end - at) & 255, ...chain[0].slice(at, end)];
}

function withLength(bytes: readonly number[]): number[] {
	return [bytes.length >> 8, bytes.length & 255, ...bytes];
}

/** Puts a list of authorities, with its length, into the server's CertificateRequest. */
function naming(version: number, list: readonly number[]): Alter {
	return (bytes, bodyAt, bodyEnd) => {
		let end = bodyEnd;
		const put = (...values: number[]): void => {
			for (const value of values) bytes[end++] = value;
		};
		if (version === TLS_1_2) {
			end -= 2; // the empty list
			put(...list);
		} else {
			put(0, 47, ...withLength(list));
			const length = end - bodyAt - 3;
			bytes[bodyAt + 1] = length >> 8;
			bytes[bodyAt + 2] = length;
		}
		return end;
	};
}

/** Which of its credentials a client shows to a server that names these authorities. */
function shown(version: number, credentials: Credential[], authorities: number[][], schemes?: number[]): Uint8Array | undefined {
	const only = version === TLS_1_2 ? only12 : only13;
	const server = { ...only, verifyClient: "require" as const, chainPolicy: anybody, keepPeerCertificate: true, signatureSchemes: schemes };
	const pair = new Pair(pki, registry, { client: { ...only, credentials }, server });
	if (authorities.length > 0) pair.server.alter(certificate_request, naming(version, withLength(authorities.flat())));
	pair.run();
	equal(pair.server.connection.failure, NO_FAILURE);
	return pair.server.connection.peerCertificate;
}

export const cases: Record<string, () => void> = {
	"an Ed25519 key of a client in 1.2"() {
		for (const suite of [ECDSA_GCM, ECDSA_CBC]) proven({ client: { suites: [suite] } });
	},
	"the same, one byte at a time, with records of 64 bytes"() {
		proven({ size: 1 });
		proven({ client: { recordSizeLimit: 64 }, server: { recordSizeLimit: 64 } });
	},
	"and in a renegotiation, of either side's wish"() {
		const pair = proven({ client: { renegotiation: true }, server: { renegotiation: true } });
		pair.client.connection.renegotiate();
		pair.run();
		pair.server.connection.renegotiate();
		pair.run();
		equal(pair.client.connection.failure, NO_FAILURE);
		equal(pair.server.connection.failure, NO_FAILURE);
		equal(pair.server.connection.renegotiations, 2);
	},
	"and over datagrams, after a cookie"() {
		const network = dtlsPair(pki, registry, { version: "1.2", cookies: true, client: { credentials: [client] }, server: { verifyClient: "require" } });
		equal(
			network.runUntil(() => network.established, 60000),
			true,
			network.ends.map(describeEnd).join("; "),
		);
		equal(network.ends[1].negotiated.peerAuthenticated, true);
	},
	"a server that can't check it doesn't get it"() {
		for (const options of [{ server: { registry: without } }, { client: { signatureSchemes: [ecdsa_secp256r1_sha256] } }]) {
			const server = { ...only12, verifyClient: "require" as const, ...options.server };
			const pair = new Pair(pki, registry, { client: { ...only12, credentials: [client], ...options.client }, server });
			pair.run();
			equal(pair.server.connection.failure >> 16, CERTIFICATE_MISSING_12 >> 16);
		}
	},
	"of several, the first that a named authority issued; else the first that fits"() {
		const [one, other, third] = [pki.selfSigned("one"), pki.selfSigned("other"), pki.selfSigned("third")];
		const same = (bytes: Uint8Array | undefined, { chain }: Credential, what: string): void => equal(String(bytes), String(chain[0]), what);
		for (const version of [TLS_1_2, TLS_1_3]) {
			same(shown(version, [one, other], []), one, "any authority");
			same(shown(version, [one, other], [issuerOf(other)]), other, "the second");
			same(shown(version, [one, other, third], [issuerOf(pki.client), issuerOf(third), issuerOf(other)]), other, "ours in our order");
			same(shown(version, [one, other], [issuerOf(third)]), one, "of nobody: the list is a hint");
			same(shown(version, [client, other], [issuerOf(client)], [ecdsa_secp256r1_sha256]), other, "whose key fits goes before who issued it");
			same(shown(version, [{ ...one, chain: [one.chain[0], pki.client.chain[0]] }, other], [issuerOf(pki.client)]), one, "an issuer further up");
		}
	},
	"lists of authorities that are none"() {
		for (const [version, failure] of [
			[TLS_1_2, CERTIFICATE_REQUEST_MALFORMED_12],
			[TLS_1_3, CERTIFICATE_AUTHORITIES_MALFORMED],
		])
			for (const list of [[0, 2, 0, 0], [0, 3, 0, 2, 48], [0, 1, 0], [0, 0, 0], ...(version === TLS_1_3 ? [[0, 0]] : [])]) {
				const only = version === TLS_1_2 ? only12 : only13;
				const pair = new Pair(pki, registry, { client: { ...only, credentials: [client] }, server: { ...only, verifyClient: "require" } });
				pair.server.alter(certificate_request, naming(version, list));
				pair.run();
				equal(pair.client.connection.failure >> 16, failure >> 16, list.join());
			}
	},
};
