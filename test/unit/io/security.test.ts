// Security configurations with what openssl and Node make: PEM with many, keys in every form, RSA keys of lengths that the
// configuration limits.

import assert from "node:assert/strict";
import { generateKeyPairSync } from "node:crypto";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { KEY_TOO_LONG, PEM_BLOCK_MISSING, PUBLIC_KEY_MALFORMED } from "polltls/base/failure";
import { FULL_ERR, INIT_ERR, OK, PARAM_ERR, VERIFY_ERR } from "polltls/base/status";
import type { EcGenerate } from "polltls/crypto/public-key/ec-generate";
import type { Configuration } from "polltls/io/configuration";
import { Stack } from "polltls/io/module";
import type { Security } from "polltls/io/security";
import { TlsSocket } from "polltls/io/tls-socket";
import { type MemoryStream, streamPair } from "polltls/os/in-memory-network";
import { LOG_WARNING } from "polltls/os/os";
import { encodePrivateKey, encodePublicKeyInfo } from "polltls/pki/key-writer";
import { NodeClock } from "../../../hosts/node/clock.js";
import { nodeEntropy } from "../../../hosts/node/entropy.js";
import { until, World } from "../../suite/io/harness.js";
import { findPeer } from "../../support/peers.js";
import { makePki } from "../../support/pki.js";

function securityOf(values: Partial<Configuration> = {}): Security {
	const stack = new Stack({ clock: new NodeClock(), entropy: nodeEntropy, linked: {} });
	assert.equal(stack.init(values), OK, stack.complaint);
	return stack.createSecurity() as Security;
}

const peer = findPeer("openssl");

test("certificates and keys as openssl writes them", { skip: typeof peer === "string" && peer }, (t) => {
	const pki = makePki(t);
	const security = securityOf({ maxHostCertificates: 4 });
	const roots = `${readFileSync(pki.ca, "utf8")}\n${readFileSync(pki.otherCa, "utf8")}`;
	assert.equal(security.setRootCaCert(roots), OK);
	assert.equal(security.trust.anchors.length, 2);
	assert.equal(security.setRootCaCert(readFileSync(pki.ca)), OK, "PEM as bytes");
	const before = security.length;
	for (const { certificate, key } of [pki.ec, pki.rsa, pki.chain]) {
		assert.equal(security.setClientCertKey(readFileSync(certificate, "utf8"), readFileSync(key, "utf8")), OK);
	}
	assert.equal(security.credentials[2].chain.length, 2);
	assert.ok(security.length > before);
});

test("keys in PKCS#1, PKCS#8 and SEC1, no longer than rsaModulusLength", { skip: typeof peer === "string" && peer }, (t) => {
	const certificate = readFileSync(makePki(t).rsa.certificate, "utf8");
	const { privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
	const der = privateKey.export({ type: "pkcs8", format: "der" });
	const pkcs1 = privateKey.export({ type: "pkcs1", format: "pem" });
	assert.equal(securityOf().setClientCertKey(certificate, new Uint8Array(der)), OK);
	assert.equal(securityOf({ rsaModulusLength: 256 }).setClientCertKey(certificate, pkcs1), OK);
	const short = securityOf({ rsaModulusLength: 255 });
	assert.equal(short.setClientCertKey(certificate, pkcs1), PARAM_ERR);
	assert.equal(short.outcome.failure, KEY_TOO_LONG);
	const curve = generateKeyPairSync("ec", { namedCurve: "P-256" }).privateKey;
	assert.equal(securityOf({ rsaModulusLength: 64 }).setClientCertKey(certificate, curve.export({ type: "sec1", format: "pem" })), OK, "no RSA key");
});

test("what the configuration says of chains", () => {
	const { chainPolicy } = securityOf();
	assert.deepEqual([chainPolicy.checkExpiry, chainPolicy.trustAll, chainPolicy.minimumRsaBits], [true, false, 2048]);
	const open = securityOf({ checkCertificateExpiry: false, trustAllCertificates: true, rejectRsa512: false, minPublicKeySize: 128 }).chainPolicy;
	assert.deepEqual([open.checkExpiry, open.trustAll, open.minimumRsaBits], [false, true, 1024]);
	assert.equal(chainPolicy.keyLimits.maximumLength, 526, "RSA with 4096 bits, encoded");
	assert.equal(securityOf({ maxPublicKeySize: 260, rsaModulusLength: 256 }).chainPolicy.keyLimits.maximumLength, 270, "RSA with 2048 bits");
	const strict = securityOf({ minPublicKeySize: 384 }).chainPolicy;
	assert.equal(strict.minimumRsaBits, 3072);
});

test("raw public keys, PEM or DER", () => {
	const pair = generateKeyPairSync("ec", { namedCurve: "P-256" });
	const pem = pair.publicKey.export({ type: "spki", format: "pem" }) as string;
	const der = new Uint8Array(pair.publicKey.export({ type: "spki", format: "der" }));
	const key = pair.privateKey.export({ type: "pkcs8", format: "pem" }) as string;
	const security = securityOf({ maxHostCertificates: 2 });
	assert.equal(security.setClientRawKey(pem, key), OK);
	assert.equal(security.setClientRawKey(der, key), OK);
	assert.deepEqual(
		security.credentials.map(({ chain, certificateType }) => [Buffer.compare(chain[0], der), certificateType]),
		[
			[0, 2],
			[0, 2],
		],
	);
	assert.equal(security.setClientRawKey(der, key), FULL_ERR);
	assert.equal(security.setPeerRawKey(pem), OK);
	assert.deepEqual(security.options.peerCertificateTypes, [2]);
	assert.equal(security.setOptions({ peerCertificateTypes: [2, 0] }), OK);
	assert.equal(security.setPeerRawKey(der), OK);
	assert.deepEqual(security.options.peerCertificateTypes, [2, 0], "as it was said");
	assert.equal(security.trust.records.length, 2);
	for (const [value, failure] of [
		[der.subarray(0, 50), PUBLIC_KEY_MALFORMED],
		[key, PEM_BLOCK_MISSING],
	] as const) {
		assert.equal(security.setPeerRawKey(value) === OK, false);
		assert.equal(security.outcome.failure, failure);
		const other = securityOf();
		assert.equal(other.setClientRawKey(value, key) === OK, false);
		assert.equal(other.outcome.failure, failure);
	}
});

test("trusting everybody is said aloud", () => {
	const said: string[] = [];
	const world = new World();
	for (const trustAllCertificates of [false, true]) world.stack({ trustAllCertificates }, { log: (level, text) => void said.push(`${level} ${text}`) });
	assert.deepEqual(
		said.filter((line) => line.startsWith(`${LOG_WARNING} `)),
		[`${LOG_WARNING} trustAllCertificates is on: anybody can be the peer`],
	);
});

test("two sockets that know each other by raw keys", () => {
	const world = new World();
	const [one, other] = [world.pki.generate(), world.pki.generate()];
	const socketOf = (transport: MemoryStream, own: EcGenerate, peer: EcGenerate): TlsSocket => {
		const stack = world.stack();
		const security = stack.createSecurity() as Security;
		assert.equal(security.setClientRawKey(encodePublicKeyInfo(own.publicKey), encodePrivateKey(own.privateKey)), OK);
		assert.equal(security.setPeerRawKey(encodePublicKeyInfo(peer.publicKey)), OK);
		return new TlsSocket(stack, transport, security);
	};
	const shake = (expected: EcGenerate): string => {
		const [clientEnd, serverEnd] = streamPair();
		const client = socketOf(clientEnd, one, expected);
		const server = socketOf(serverEnd, other, one);
		return until(
			world,
			() => client.clientHandshake("localhost"),
			() => server.serverHandshake(true),
		).join();
	};
	assert.equal(shake(other), `${OK},${OK}`);
	assert.match(shake(world.pki.generate()), new RegExp(`^${VERIFY_ERR},`));
});

test("in use it stays as it is", () => {
	const security = securityOf();
	security.users = 1;
	assert.equal(security.setOptions({ alpn: ["x"] }), INIT_ERR);
	security.users = 0;
	assert.equal(security.setOptions({ alpn: ["x"] }), OK);
	assert.equal(security.setOptions({ keepPeerCertificate: true }), OK);
	assert.deepEqual(security.options, { alpn: ["x"], keepPeerCertificate: true });
});
