// How many bytes a DTLS 1.3 handshake and a record put on the wire in the smallest configuration, beside what the IETF has
// reckoned (draft-ietf-iotops-security-protocol-comparison, its table for CCM_8, x25519 and Ed25519 without connection
// ids): one suite, group and scheme offered, key identifiers of one byte, no cookie, no fragments, no extension that need not
// be there. The draft doesn't count the ACK of the last flight. For the bench and for a test.

import { NO_FAILURE } from "polltls/base/failure";
import { WORKING } from "polltls/base/status";
import { Ed25519Generate } from "polltls/crypto/public-key/ed25519-generate";
import type { Registry } from "polltls/crypto/registry";
import type { ClientOptions, ServerOptions } from "polltls/engine/config";
import type { Credential } from "polltls/handshake/settings";
import { encodePublicKeyInfo } from "polltls/pki/key-writer";
import { TrustStore } from "polltls/pki/trust";
import { certificate_type_raw_public_key, ed25519, psk_dhe_ke, psk_ke, x25519 } from "polltls/wire/registry";
import { dtlsPair } from "./dtls-pair.js";
import { equal, TestEntropy, type TestPki } from "./harness.js";
import { CLIENT, type Datagram, describeEnd, SERVER } from "./lossy-network.js";

const TLS_AES_128_CCM_8_SHA256 = 0x1305;
/** Of 7 bytes at least: what is shorter is filled up, because a record's number is hidden by 16 bytes of ciphertext (RFC 9147 4.2.3). */
const DATA = "temperature=22.5";

/** Bytes of UDP payload. */
export interface WireSizes {
	/** ClientHello; ServerHello to Finished; the client's last flight. */
	readonly flights: readonly number[];
	readonly total: number;
	/** The server's ACK of the last flight. */
	readonly ack: number;
	/** What a record of application data has beside the data. */
	readonly record: number;
}

export interface WireSetup {
	readonly name: string;
	/** The draft's: three flights and their sum. */
	readonly reckoned: readonly number[];
	readonly client: Partial<ClientOptions>;
	readonly server: Partial<ServerOptions>;
}

/** RFC 9147: what a record takes with an 8-byte tag: header of two bytes, type, tag. */
export const RECKONED_RECORD = 11;

const common = { suites: [TLS_AES_128_CCM_8_SHA256], recordSizeLimit: 0 };
const psks = [{ identity: Uint8Array.of(1), key: Uint8Array.from({ length: 16 }, (_, i) => i) }];
const byPsk = { ...common, psks, credentials: [], signatureSchemes: [], peerName: "" };
const bare = { ...byPsk, groups: [], pskModes: [psk_ke] };
const ephemeral = { ...byPsk, groups: [x25519], pskModes: [psk_dhe_ke] };

/** An Ed25519 key pair as a raw public key (RFC 7250), and a store that knows it. */
function rawKey(registry: Registry, seed: number): { credential: Credential; trust: TrustStore } {
	const pair = new Ed25519Generate(registry);
	pair.start(new TestEntropy(seed), 0);
	while (pair.step(1000) === WORKING);
	const { privateKey, publicKey } = pair;
	const info = encodePublicKeyInfo(publicKey);
	const trust = new TrustStore();
	equal(trust.addRawKey(info), NO_FAILURE);
	return { credential: { chain: [info], key: { ...privateKey, bytes: privateKey.bytes.slice() }, certificateType: certificate_type_raw_public_key }, trust };
}

/** What the draft has a line for. */
export function wireSetups(registry: Registry): WireSetup[] {
	const ofClient = rawKey(registry, 11);
	const ofServer = rawKey(registry, 12);
	const raw = { ...common, groups: [x25519], signatureSchemes: [ed25519], peerCertificateTypes: [certificate_type_raw_public_key], pskModes: [] };
	return [
		{
			name: "raw keys Ed25519, ECDHE x25519",
			reckoned: [146, 360, 200, 706],
			client: { ...raw, credentials: [ofClient.credential], trust: ofServer.trust, peerName: "" },
			server: { ...raw, credentials: [ofServer.credential], trust: ofClient.trust, verifyClient: "require" },
		},
		{ name: "PSK", reckoned: [130, 146, 55, 331], client: bare, server: bare },
		{ name: "PSK, ECDHE x25519", reckoned: [180, 186, 55, 421], client: ephemeral, server: ephemeral },
	];
}

/** One handshake and one record each way. */
export function measureWire(pki: TestPki, registry: Registry, { name, client, server }: WireSetup): WireSizes {
	const network = dtlsPair(pki, registry, { version: "1.3", client, server });
	const log: Datagram[] = [];
	network.log = log;
	equal(
		network.runUntil(() => network.established, 1000),
		true,
		`${name}: ${network.ends.map(describeEnd).join("; ")}`,
	);
	network.runUntil(() => false, 1000);
	const sizes = log.map(({ bytes }) => bytes.length);
	equal(log.map(({ from }) => from).join(), [CLIENT, SERVER, CLIENT, SERVER].join(), `${name}: three flights and an ACK, each in one datagram`);
	const [hello, answer, last, ack] = sizes;
	equal(network.say(CLIENT, DATA) && network.say(SERVER, DATA), true);
	network.runUntil(() => false, 1000);
	equal(network.received.join(), [DATA, DATA].join(), name);
	equal(log[4].bytes.length, log[5].bytes.length, "a record each way");
	return { flights: [hello, answer, last], total: hello + answer + last, ack, record: log[4].bytes.length - DATA.length };
}
