// Portable cases: raw public keys in place of certificates (RFC 7250), both roles, both versions, streams and datagrams,
// and what each end must refuse, by the failure's name.

import * as failures from "polltls/base/failure";
import { NO_FAILURE } from "polltls/base/failure";
import { Reader } from "polltls/base/reader";
import { CLOSED } from "polltls/base/status";
import type { PrivateKey, PublicKey } from "polltls/crypto/types";
import type { ClientOptions, ServerOptions } from "polltls/engine/config";
import type { Credential } from "polltls/handshake/settings";
import { TicketKeys } from "polltls/handshake/ticket-keys";
import { CertificateList } from "polltls/pki/certificate-list";
import { ChainPolicy } from "polltls/pki/chain-policy";
import { encodePublicKeyInfo, publicKeyOfRsa } from "polltls/pki/key-writer";
import { TLSA_DANE_EE, TLSA_FULL, TLSA_SPKI, type TlsaRecord } from "polltls/pki/tlsa";
import { TrustStore } from "polltls/pki/trust";
import { decodeRawKey12 } from "polltls/wire/certificate";
import { certificate_type_raw_public_key as RAW, TLS_1_2, TLS_1_3, certificate_type_x509 as X509 } from "polltls/wire/registry";
import { dtlsPair } from "./dtls-pair.js";
import { type Alter, equal, Pair, type PairOptions, TestClock, TestEntropy, TestPki } from "./harness.js";
import { rsaCredential, testRegistry12 } from "./harness12.js";
import { CLIENT, describeEnd, SERVER } from "./lossy-network.js";

const registry = testRegistry12();
const pki = new TestPki(registry);

const client_hello = 1;
const server_hello = 2;
const encrypted_extensions = 8;
const client_certificate_type = 19;
const server_certificate_type = 20;

interface Raw extends Credential {
	readonly chain: Uint8Array[];
}

function rawOf({ privateKey, publicKey }: { privateKey: PrivateKey; publicKey: PublicKey }): Raw {
	return { chain: [encodePublicKeyInfo(publicKey)], key: { type: privateKey.type, bytes: privateKey.bytes.slice() }, certificateType: RAW };
}

const server = rawOf(pki.generate());
const client = rawOf(pki.generate());
const stranger = rawOf(pki.generate());

/** A store that knows one key. */
function knows(raw: Raw): TrustStore {
	const trust = new TrustStore();
	equal(trust.addRawKey(raw.chain[0]), NO_FAILURE);
	return trust;
}

const takesServer = { peerCertificateTypes: [RAW], trust: knows(server) };
const takesClient = { peerCertificateTypes: [RAW], trust: knows(client), verifyClient: "require" as const };
const versions: [string, number][] = [
	["1.3", TLS_1_3],
	["1.2", TLS_1_2],
];

function pairOf(version: number, client: Partial<ClientOptions>, server: Partial<ServerOptions>, rest: PairOptions = {}): Pair {
	const only = { minimumVersion: version, maximumVersion: version };
	return new Pair(pki, registry, { ...rest, client: { ...only, ...client }, server: { ...only, ...server } });
}

function opens(pair: Pair): Pair {
	pair.client.write("ping");
	pair.server.write("pong");
	pair.run();
	const { connection } = pair.client;
	equal(pair.open, true, `${connection.failure >> 16} ${connection.stateName}, ${pair.server.connection.failure >> 16} ${pair.server.connection.stateName}`);
	equal(pair.server.text, "ping");
	equal(pair.client.text, "pong");
	return pair;
}

/** Which types were shown: the client's, the server's, and that both ends say the same. */
function shows(pair: Pair, ofClient: number, ofServer: number): void {
	const [one, other] = [pair.client.connection.report(), pair.server.connection.report()];
	equal(one.peerCertificateType, ofServer, "what the client was shown");
	equal(one.certificateType, ofClient, "what the client shows");
	equal(other.peerCertificateType, ofClient, "what the server was shown");
	equal(other.certificateType, ofServer, "what the server shows");
}

type Side = "client" | "server";

function refuses(pair: Pair, side: Side, name: string): void {
	pair.run();
	const [one, other] = side === "client" ? [pair.client, pair.server] : [pair.server, pair.client];
	const failure = (failures as unknown as Record<string, number>)[name];
	equal(one.connection.failure >> 16, failure >> 16, `${name} on the ${side} (${one.connection.stateName})`);
	equal(one.connection.state, CLOSED);
	equal(other.connection.failure >> 16, failures.ALERT_RECEIVED >> 16, "the other end is told");
	equal(other.connection.alerts.received, failures.alertOf(failure), "alert");
}

/** Where the block of extensions begins: its length is first. */
function blockAt(bytes: Uint8Array, bodyAt: number, type: number): number {
	if (type === encrypted_extensions) return bodyAt;
	let at = bodyAt + 34;
	at += 1 + bytes[at];
	if (type === server_hello) return at + 3;
	at += 2 + ((bytes[at] << 8) | bytes[at + 1]);
	return at + 1 + bytes[at];
}

/** Where the body of an extension begins. */
function extensionAt(bytes: Uint8Array, block: number, extension: number): number {
	const end = block + 2 + ((bytes[block] << 8) | bytes[block + 1]);
	for (let at = block + 2; at < end; at += 4 + ((bytes[at + 2] << 8) | bytes[at + 3])) {
		if (((bytes[at] << 8) | bytes[at + 1]) === extension) return at + 4;
	}
	throw new Error(`no extension ${extension}`);
}

/** Puts a value into an extension of a message of this type. */
function put(type: number, extension: number, offset: number, value: number): Alter {
	return (bytes, bodyAt, bodyEnd) => {
		bytes[extensionAt(bytes, blockAt(bytes, bodyAt, type), extension) + offset] = value;
		return bodyEnd;
	};
}

/** Takes an extension out. */
function without(type: number, extension: number): Alter {
	return (bytes, bodyAt, bodyEnd) => {
		const block = blockAt(bytes, bodyAt, type);
		const at = extensionAt(bytes, block, extension);
		const length = 4 + ((bytes[at - 2] << 8) | bytes[at - 1]);
		bytes.copyWithin(at - 4, at - 4 + length, bodyEnd);
		const left = ((bytes[block] << 8) | bytes[block + 1]) - length;
		bytes[block] = left >> 8;
		bytes[block + 1] = left;
		return bodyEnd - length;
	};
}

function reader(bytes: Uint8Array): Reader {
	const one = new Reader();
	one.reset(bytes, 0, bytes.length);
	return one;
}

function refusedOptions(options: Partial<ServerOptions>, text: string): void {
	let message = "";
	try {
		new Pair(pki, registry, { server: options });
	} catch (error) {
		message = (error as Error).message;
	}
	equal(message.includes(text), true, `"${message}" for "${text}"`);
}

export const cases: Record<string, () => void> = {
	"what can't be a raw key's credential is refused by name"() {
		const spki = server.chain[0];
		refusedOptions({ credentials: [{ ...server, chain: [spki, spki] }] }, "one SubjectPublicKeyInfo");
		refusedOptions({ credentials: [{ ...server, chain: pki.server.chain }] }, "one SubjectPublicKeyInfo");
		refusedOptions({ credentials: [{ ...server, key: rsaCredential(pki).key }] }, "one SubjectPublicKeyInfo");
		refusedOptions({ credentials: [{ ...server, staple: Uint8Array.of(1) }] }, "no staple");
		refusedOptions({ credentials: [{ ...server, certificateType: 1 }] }, "certificate types");
		refusedOptions({ peerCertificateTypes: [] }, "certificate types");
		refusedOptions({ peerCertificateTypes: [RAW, 3] }, "certificate types");
	},

	"1.2: the message is a SubjectPublicKeyInfo, or nothing"() {
		const list = new CertificateList();
		equal(decodeRawKey12(reader(Uint8Array.of(0, 0, 2, 7, 8)), list), NO_FAILURE);
		equal(list.count, 1);
		equal(list.at[0], 3);
		equal(list.end[0], 5);
		equal(decodeRawKey12(reader(Uint8Array.of(0, 0, 0)), list), NO_FAILURE);
		equal(list.count, 0);
		for (const bytes of [[0, 0, 3, 7, 8], [0, 0, 1, 7, 8], [0, 0], []]) {
			equal(decodeRawKey12(reader(Uint8Array.from(bytes)), list), failures.CERTIFICATE_MESSAGE_MALFORMED, bytes.join());
		}
	},
};

function add(name: string, run: (version: number, is13: boolean) => void): void {
	for (const [text, version] of versions) cases[`${text}: ${name}`] = () => run(version, version === TLS_1_3);
}

add("the server shows a raw key, and it stands in the message as it is", (version) => {
	const pair = opens(pairOf(version, { ...takesServer, keepPeerCertificate: true }, { credentials: [server] }));
	shows(pair, X509, RAW);
	equal(pair.client.connection.peerCertificate?.join(), server.chain[0].join());
	equal(pair.client.connection.peerChain.length, 1);
	equal(pair.client.connection.negotiated.peerAuthenticated, true);
});

add("both show raw keys", (version) => {
	const pair = opens(pairOf(version, { ...takesServer, credentials: [client] }, { credentials: [server], ...takesClient }));
	shows(pair, RAW, RAW);
	equal(pair.server.connection.negotiated.peerAuthenticated, true);
});

add("a byte at a time, so that the message is sent in many turns", (version) => {
	shows(opens(pairOf(version, { ...takesServer, credentials: [client] }, { credentials: [server], ...takesClient }, { size: 7 })), RAW, RAW);
});

add("only the client shows a raw key", (version) => {
	shows(opens(pairOf(version, { credentials: [client] }, takesClient)), RAW, X509);
});

add("a server that only asks goes on without", (version) => {
	const asks = { ...takesClient, verifyClient: "request" as const };
	equal(opens(pairOf(version, {}, asks)).server.connection.negotiated.peerAuthenticated, false, "nothing to show");
	equal(opens(pairOf(version, { credentials: [client] }, asks)).server.connection.negotiated.peerAuthenticated, true);
});

add("a server that asks for what the client hasn't goes on without", (version) => {
	const pair = opens(pairOf(version, { credentials: [client] }, { verifyClient: "request" }));
	shows(pair, X509, X509);
	equal(pair.server.connection.negotiated.peerAuthenticated, false);
});

add("a server with both takes what the client takes", (version) => {
	const both = { credentials: [server, pki.server] };
	shows(opens(pairOf(version, {}, both)), X509, X509);
	shows(opens(pairOf(version, takesServer, both)), X509, RAW);
	const trust = knows(server);
	for (const anchor of pki.trust.anchors) trust.anchors.push(anchor);
	// a raw key in the store is a pin of certificates too: it is only for the server that is known by it
	shows(opens(pairOf(version, { peerCertificateTypes: [RAW, X509], trust }, both)), X509, RAW);
	shows(opens(pairOf(version, { peerCertificateTypes: [RAW, X509] }, { credentials: [pki.server] })), X509, X509);
});

add("a client with both shows what the server takes", (version) => {
	const both = { credentials: [pki.client, client] };
	shows(opens(pairOf(version, both, takesClient)), RAW, X509);
	shows(opens(pairOf(version, both, { verifyClient: "require" })), X509, X509);
});

add("a raw key of RSA", (version) => {
	const { key } = rsaCredential(pki);
	const rsa: Raw = { chain: [encodePublicKeyInfo(publicKeyOfRsa(key))], key, certificateType: RAW };
	shows(opens(pairOf(version, { peerCertificateTypes: [RAW], trust: knows(rsa) }, { credentials: [rsa] })), X509, RAW);
});

add("a pin, a TLSA record of usage 3, or no verification at all let it in", (version) => {
	const pinned = new TrustStore();
	const hash = registry.hashes[0].create();
	const pin = new Uint8Array(32);
	hash.update(server.chain[0], 0, server.chain[0].length);
	hash.digest(pin, 0);
	equal(pinned.addPin(pin), NO_FAILURE);
	const dane = new TrustStore();
	const record: TlsaRecord = { usage: TLSA_DANE_EE, selector: TLSA_SPKI, matchingType: TLSA_FULL, data: server.chain[0] };
	equal(dane.addRecord(record), NO_FAILURE);
	const chainPolicy = new ChainPolicy();
	chainPolicy.trustAll = true;
	for (const options of [{ trust: pinned }, { trust: dane }, { trust: new TrustStore(), chainPolicy }])
		shows(opens(pairOf(version, { peerCertificateTypes: [RAW], ...options }, { credentials: [server] })), X509, RAW);
});

add("a session is resumed without the key being shown again", (version) => {
	const tickets = new TicketKeys(registry, new TestClock(), new TestEntropy(3), 3600);
	const options = { credentials: [server], tickets, ...takesClient };
	const first = opens(pairOf(version, { ...takesServer, credentials: [client] }, options));
	const { session } = first.client.connection;
	const second = opens(pairOf(version, { ...takesServer, credentials: [client], session }, options));
	equal(second.client.connection.negotiated.resumed, true);
	equal(second.server.connection.negotiated.peerAuthenticated, true);
});

add("RAW_KEY_UNKNOWN: another key than the one that is known", (version) => {
	refuses(pairOf(version, { ...takesServer, trust: knows(stranger) }, { credentials: [server] }), "client", "RAW_KEY_UNKNOWN");
	refuses(pairOf(version, { credentials: [stranger] }, takesClient), "server", "RAW_KEY_UNKNOWN");
});

add("who doesn't hold the raw key's private half is refused", (version) => {
	const thief: Raw = { ...server, key: stranger.key };
	const pair = pairOf(version, takesServer, { credentials: [thief] });
	pair.run();
	equal(pair.client.connection.failure >> 16, failures.SIGNATURE_WRONG >> 16);
});

add("RAW_KEY_MALFORMED", (version) => {
	const broken: Raw = { ...server, chain: [...server.chain] };
	const pair = pairOf(version, takesServer, { credentials: [broken] });
	broken.chain[0] = Uint8Array.of(0x30, 1, 0);
	refuses(pair, "client", "RAW_KEY_MALFORMED");
});

add("NO_COMMON_SERVER_CERTIFICATE_TYPE", (version) => {
	refuses(pairOf(version, takesServer, { credentials: [pki.server] }), "server", "NO_COMMON_SERVER_CERTIFICATE_TYPE");
	refuses(pairOf(version, {}, { credentials: [server] }), "server", "NO_COMMON_SERVER_CERTIFICATE_TYPE");
});

add("what is wrong with the suites or schemes isn't laid on the types", (version, is13) => {
	const options = { credentials: [server], signatureSchemes: [0x0804] };
	refuses(pairOf(version, takesServer, options), "server", is13 ? "NO_COMMON_SIGNATURE_SCHEME" : "NO_COMMON_SUITE_12");
});

add("NO_COMMON_CLIENT_CERTIFICATE_TYPE", (version) => {
	refuses(pairOf(version, { credentials: [client] }, { verifyClient: "require" }), "server", "NO_COMMON_CLIENT_CERTIFICATE_TYPE");
});

add("PEER_CERTIFICATE_TYPE_UNFIT: a certificate where only raw keys are taken", (version) => {
	refuses(pairOf(version, { credentials: [pki.client] }, takesClient), "server", "PEER_CERTIFICATE_TYPE_UNFIT");
	const pair = pairOf(version, takesServer, {});
	pair.client.alter(client_hello, without(client_hello, server_certificate_type));
	refuses(pair, "client", "PEER_CERTIFICATE_TYPE_UNFIT");
});

add("a client that shows nothing is refused as ever", (version, is13) => {
	refuses(pairOf(version, {}, takesClient), "server", is13 ? "CERTIFICATE_MISSING" : "CERTIFICATE_MISSING_12");
});

add("SERVER_CERTIFICATE_TYPE_REFUSED, CLIENT_CERTIFICATE_TYPE_REFUSED", (version, is13) => {
	const type = is13 ? encrypted_extensions : server_hello;
	for (const value of [X509, 1, 3]) {
		const pair = pairOf(version, { ...takesServer, credentials: [client] }, { credentials: [server], ...takesClient });
		pair.server.alter(type, put(type, server_certificate_type, 0, value));
		refuses(pair, "client", "SERVER_CERTIFICATE_TYPE_REFUSED");
		const other = pairOf(version, { ...takesServer, credentials: [client] }, { credentials: [server], ...takesClient });
		other.server.alter(type, put(type, client_certificate_type, 0, value));
		refuses(other, "client", "CLIENT_CERTIFICATE_TYPE_REFUSED");
	}
});

add("SERVER_CERTIFICATE_TYPES_MALFORMED, CLIENT_CERTIFICATE_TYPES_MALFORMED", (version) => {
	for (const length of [0, 2]) {
		const pair = pairOf(version, takesServer, { credentials: [server] });
		pair.client.alter(client_hello, put(client_hello, server_certificate_type, 0, length));
		refuses(pair, "server", "SERVER_CERTIFICATE_TYPES_MALFORMED");
		const other = pairOf(version, { credentials: [client] }, takesClient);
		other.client.alter(client_hello, put(client_hello, client_certificate_type, 0, length));
		refuses(other, "server", "CLIENT_CERTIFICATE_TYPES_MALFORMED");
	}
});

add("types that nobody knows are passed over", (version) => {
	const pair = pairOf(version, { peerCertificateTypes: [RAW, X509], trust: knows(server) }, { credentials: [server] });
	pair.client.alter(client_hello, put(client_hello, server_certificate_type, 2, 224));
	pair.run();
	shows(pair, X509, RAW);
});

cases["beside every other extension of both versions there is room for the types"] = () => {
	const common = { heartbeat: { allowPeer: true }, alpn: ["one", "two"], recordSizeLimit: 1000, renegotiation: true };
	const own = {
		...common,
		maxFragmentLength: 512,
		status: true,
		credentials: [pki.client, client],
		psks: [{ identity: Uint8Array.of(9), key: new Uint8Array(16) }],
	};
	for (const [, maximumVersion] of versions) {
		const takes = { peerCertificateTypes: [RAW, X509], trust: knows(server) };
		const pair = new Pair(pki, registry, { client: { ...own, ...takes }, server: { ...common, ...takesClient, credentials: [server], maximumVersion } });
		shows(opens(pair), RAW, RAW);
	}
	const ids = { connectionId: Uint8Array.from({ length: 32 }, (_, i) => i) };
	const network = dtlsPair(pki, registry, {
		cookies: true,
		client: { ...own, ...takesServer, ...ids },
		server: { ...common, ...takesClient, credentials: [server], connectionIdLength: 20 },
	});
	equal(
		network.runUntil(() => network.established, 60000),
		true,
		network.ends.map(describeEnd).join("; "),
	);
	equal(network.ends[SERVER].report().peerCertificateType, RAW);
};

cases["1.2: a raw key of RSA that decrypts the premaster secret"] = () => {
	const { key } = rsaCredential(pki);
	const rsa: Raw = { chain: [encodePublicKeyInfo(publicKeyOfRsa(key))], key, certificateType: RAW };
	const suites = [0x009c]; // TLS_RSA_WITH_AES_128_GCM_SHA256
	shows(opens(pairOf(TLS_1_2, { peerCertificateTypes: [RAW], trust: knows(rsa), suites }, { credentials: [rsa], suites })), X509, RAW);
};

cases["1.2: a renegotiation with the same raw keys, and PEER_CHANGED with another"] = () => {
	const common = { renegotiation: true };
	const shown = [server];
	const pair = opens(pairOf(TLS_1_2, { ...takesServer, ...common, credentials: [client] }, { ...takesClient, ...common, credentials: shown }));
	equal(pair.client.connection.renegotiate(), true);
	pair.run();
	equal(pair.client.connection.renegotiations, 1);
	equal(pair.server.connection.report().peerCertificateType, RAW);
	shown[0] = stranger;
	equal(pair.client.connection.renegotiate(), true);
	refuses(pair, "client", "PEER_CHANGED");
};

cases["RAW_KEY_NOT_ALONE: 1.3 has room for more than the one"] = () => {
	const twice: Raw = { ...server, chain: [...server.chain] };
	const pair = pairOf(TLS_1_3, takesServer, { credentials: [twice] });
	twice.chain.push(twice.chain[0]);
	refuses(pair, "client", "RAW_KEY_NOT_ALONE");
};

cases["a PSK is agreed on before anybody asks for types"] = () => {
	const psks = [{ identity: Uint8Array.of(1), key: Uint8Array.from({ length: 16 }, (_, i) => i) }];
	for (const [, version] of versions) {
		// what the client could show isn't what the server takes, but nothing is to be shown
		const suites = version === TLS_1_2 ? [0x00a8] : undefined;
		const pair = opens(pairOf(version, { psks, suites, credentials: [client] }, { psks, suites, verifyClient: "require" }));
		equal(pair.server.connection.negotiated.pskIdentity?.join(), "1");
	}
};

cases["the peer's chain is kept up to so many bytes, and by default not at all"] = () => {
	const leaf = pki.server.chain[0];
	const anchor = pki.trust.anchors[0].bytes;
	const credentials = [{ ...pki.server, chain: [leaf, anchor] }];
	for (const [, version] of versions) {
		const kept = (options: Partial<ClientOptions>) => opens(pairOf(version, options, { credentials })).client.connection.peerChain;
		equal(kept({}).length, 0);
		equal(kept({ keepPeerCertificate: true }).length, 1);
		const whole = kept({ keepPeerChain: leaf.length + anchor.length });
		equal(whole.map((each) => each.join()).join(";"), `${leaf.join()};${anchor.join()}`);
		equal(kept({ keepPeerChain: leaf.length + anchor.length - 1 }).length, 1);
		equal(kept({ keepPeerChain: leaf.length - 1 }).length, 0);
		equal(kept({ keepPeerCertificate: true, keepPeerChain: 1 }).length, 1);
	}
};

for (const version of ["1.3", "1.2"] as const) {
	cases[`DTLS ${version}: both show raw keys, with cookies and small datagrams`] = () => {
		const network = dtlsPair(pki, registry, {
			version,
			cookies: true,
			mtu: 300,
			client: { ...takesServer, credentials: [client] },
			server: { ...takesClient, credentials: [server] },
		});
		equal(
			network.runUntil(() => network.established, 60000),
			true,
			network.ends.map(describeEnd).join("; "),
		);
		network.runUntil(() => false, 500);
		equal(network.say(CLIENT, "ping"), true);
		network.runUntil(() => false, 1000);
		equal(network.received[SERVER].join(), "ping");
		equal(network.ends[CLIENT].report().peerCertificateType, RAW);
		equal(network.ends[SERVER].report().peerCertificateType, RAW);
		equal(network.ends[SERVER].negotiated.peerAuthenticated, true);
	};
	cases[`DTLS ${version}: a key that isn't known is refused`] = () => {
		const network = dtlsPair(pki, registry, { version, client: { ...takesServer, trust: knows(stranger) }, server: { credentials: [server] } });
		network.runUntil(() => network.ends[CLIENT].state === CLOSED, 60000);
		equal(network.ends[CLIENT].failure >> 16, failures.RAW_KEY_UNKNOWN >> 16, network.ends.map(describeEnd).join("; "));
	};
}
