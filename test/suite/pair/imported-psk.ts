// Portable cases: pre-shared keys that are imported (RFC 9258), in TLS 1.3 and DTLS 1.3. On Node and on XS.

import { PSK_BINDER_WRONG, PSK_NOT_ACCEPTED } from "polltls/base/failure";
import { Writer } from "polltls/base/writer";
import { sha384 } from "polltls/crypto/types";
import type { Psk } from "polltls/handshake/psk";
import { encodeImportedIdentity, HKDF_SHA256, importedIdentityLength } from "polltls/wire/imported-identity";
import { secp256r1, TLS_1_2, TLS_1_3, x25519 } from "polltls/wire/registry";
import { dtlsPair } from "./dtls-pair.js";
import { equal, Pair, type PairOptions, TestPki, testRegistry } from "./harness.js";
import { describeEnd } from "./lossy-network.js";

const registry = testRegistry();
const pki = new TestPki(registry);

const identity = Uint8Array.of(100, 101, 118);
const context = Uint8Array.of(1, 2, 3, 4);
const imported: Psk = { identity, key: Uint8Array.from({ length: 16 }, (_, i) => i + 1), importContext: context };
const direct: Psk = { identity, key: imported.key };

const TLS_CHACHA20_POLY1305_SHA256 = 0x1303;
const TLS_AES_256_GCM_SHA384 = 0x1302;
/** TLS_ECDHE_PSK_WITH_CHACHA20_POLY1305_SHA256 */
const TLS_ECDHE_PSK_CHACHA20 = 0xccac;

/** Opens by the PSK; both know its own name then, not that on the wire. */
function open(options: PairOptions): Pair {
	const pair = new Pair(pki, registry, options);
	pair.run();
	for (const { connection } of [pair.client, pair.server]) {
		equal(connection.failure >> 16, 0, "failure");
		equal(connection.negotiated.version, TLS_1_3);
		equal(String(connection.negotiated.pskIdentity), String(identity));
		equal(connection.negotiated.resumed, false);
	}
	equal(pair.client.connection.negotiated.peerAuthenticated, false);
	pair.client.write("hello");
	pair.server.write("world");
	pair.run();
	equal(pair.server.text, "hello");
	equal(pair.client.text, "world");
	return pair;
}

/** The server knows no such PSK and goes on by certificate. */
function byCertificate(client: readonly Psk[], server: PairOptions["server"]): void {
	const pair = new Pair(pki, registry, { client: { psks: client }, server });
	pair.run();
	equal(pair.open, true);
	equal(pair.client.connection.negotiated.pskIdentity, undefined);
	equal(pair.client.connection.negotiated.peerAuthenticated, true);
}

function refuses(failure: number, client: Psk, server: PairOptions["server"]): void {
	const pair = new Pair(pki, registry, { client: { psks: [client] }, server });
	pair.run();
	equal(pair.server.connection.failure >> 16, failure >> 16);
}

/** An identity as the importer writes it, for any protocol and KDF. */
function identityFor(protocol: number, kdf: number): Uint8Array {
	const bytes = new Uint8Array(importedIdentityLength(identity, context));
	const writer = new Writer();
	writer.reset(bytes, 0, bytes.length);
	encodeImportedIdentity(writer, identity, context, protocol, kdf);
	return bytes;
}

const alone = { psks: [imported], credentials: [] };

export const cases: Record<string, () => void> = {
	"an imported PSK with a suite of either hash"() {
		for (const suite of [TLS_CHACHA20_POLY1305_SHA256, TLS_AES_256_GCM_SHA384]) {
			const pair = open({ client: { psks: [imported] }, server: { ...alone, suites: [suite] } });
			equal(pair.server.connection.negotiated.suite?.number, suite);
			open({ client: { psks: [imported], suites: [suite] }, server: alone });
		}
	},
	"without a context, with a hash of its own, one byte at a time"() {
		const psk = { ...imported, importContext: new Uint8Array(0), hash: sha384 };
		open({ size: 1, client: { psks: [psk] }, server: { psks: [psk], credentials: [] } });
	},
	"with a HelloRetryRequest"() {
		const pair = open({ client: { psks: [imported], groups: [secp256r1, x25519] }, server: { ...alone, groups: [x25519] } });
		equal(pair.client.connection.negotiated.helloRetry, true);
	},
	"one that the server looks up by its own name"() {
		const asked: number[][] = [];
		const findPsk = (bytes: Uint8Array, at: number, end: number): Psk => {
			asked.push(Array.from(bytes.slice(at, end)));
			return imported;
		};
		const other: Psk = { ...imported, identity: Uint8Array.of(9) };
		open({ client: { psks: [imported] }, server: { psks: [other], findPsk, credentials: [] } });
		equal(asked[asked.length - 1].join(), Array.from(identity).join());
	},
	"among others"() {
		const others: Psk[] = [
			{ ...imported, importContext: Uint8Array.of(7) },
			{ ...direct, identity: Uint8Array.of(8) },
		];
		open({ client: { psks: [others[0], imported] }, server: { psks: [...others, imported], credentials: [] } });
	},
	"another context is another key"() {
		byCertificate([imported], { psks: [{ ...imported, importContext: Uint8Array.of(1, 2, 3, 5) }] });
		refuses(PSK_NOT_ACCEPTED, imported, { psks: [{ ...imported, importContext: new Uint8Array(0) }], credentials: [] });
		byCertificate([imported], { findPsk: () => ({ ...imported, importContext: Uint8Array.of(9) }) });
	},
	"a wrong key, and a key for another hash"() {
		refuses(PSK_BINDER_WRONG, { ...imported, key: Uint8Array.from(imported.key, (byte) => byte ^ 1) }, alone);
		refuses(PSK_BINDER_WRONG, { ...imported, hash: sha384 }, alone);
	},
	"imported at one end only"() {
		byCertificate([imported], { psks: [direct] });
		byCertificate([direct], { psks: [imported] });
		byCertificate([direct], { findPsk: () => imported });
		// The right name on the wire, but the key itself under it
		refuses(PSK_BINDER_WRONG, { ...direct, identity: identityFor(TLS_1_3, HKDF_SHA256) }, alone);
	},
	"imported for another protocol or by another derivation: passed over"() {
		for (const name of [identityFor(0xfefc, HKDF_SHA256), identityFor(TLS_1_3, 3), identityFor(TLS_1_2, HKDF_SHA256)])
			byCertificate([{ ...direct, identity: name }], { psks: [imported] });
	},
	"it isn't used in 1.2"() {
		const pair = new Pair(pki, registry, { client: { psks: [imported] }, server: { psks: [imported], maximumVersion: TLS_1_2 } });
		pair.run();
		equal(pair.open, true);
		equal(pair.client.connection.negotiated.version, TLS_1_2);
		equal(pair.client.connection.negotiated.pskIdentity, undefined);
	},
	"a client's suites of 1.2 by PSK need a key that isn't imported"() {
		let thrown: unknown;
		try {
			new Pair(pki, registry, { client: { psks: [imported], suites: [TLS_ECDHE_PSK_CHACHA20] } });
		} catch (error) {
			thrown = error;
		}
		equal(thrown instanceof RangeError, true);
		const pair = new Pair(pki, registry, {
			client: { psks: [imported, direct], suites: [TLS_ECDHE_PSK_CHACHA20], maximumVersion: TLS_1_2 },
			server: { psks: [imported, direct] },
		});
		pair.run();
		equal(pair.open, true);
		equal(String(pair.client.connection.negotiated.pskIdentity), String(identity));
	},
	"over datagrams, for the protocol of datagrams"() {
		for (const suite of [TLS_CHACHA20_POLY1305_SHA256, TLS_AES_256_GCM_SHA384]) {
			const network = dtlsPair(pki, registry, { version: "1.3", client: { psks: [imported] }, server: { ...alone, suites: [suite] } });
			equal(
				network.runUntil(() => network.established, 60000),
				true,
				network.ends.map(describeEnd).join("; "),
			);
			for (const { negotiated } of network.ends) equal(String(negotiated.pskIdentity), String(identity));
		}
		const other = dtlsPair(pki, registry, { version: "1.3", client: { psks: [imported] }, server: { psks: [{ ...imported, importContext: identity }] } });
		equal(
			other.runUntil(() => other.established, 60000),
			true,
		);
		equal(other.ends[0].negotiated.pskIdentity, undefined);
	},
	"an identity that is cut off or longer is of another kind"() {
		const bytes = identityFor(TLS_1_3, HKDF_SHA256);
		for (let length = 1; length < bytes.length; length++) byCertificate([{ ...direct, identity: bytes.slice(0, length) }], { psks: [imported] });
		byCertificate([{ ...direct, identity: Uint8Array.from([...bytes, 0]) }], { psks: [imported] });
	},
};
