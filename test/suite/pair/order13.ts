// Portable cases: the states of TLS 1.3 (RFC 8446 A.1, A.2): each step that reads takes its own messages and no others,
// and the ways through the tables are those of the RFC and no others.

import { MESSAGE_OUT_OF_ORDER, POST_HANDSHAKE_UNEXPECTED } from "polltls/base/failure";
import { FAILED } from "polltls/base/status";
import { after13 } from "polltls/handshake/after13";
import { clientStart } from "polltls/handshake/client-start";
import { client13 } from "polltls/handshake/client13";
import type { Flow } from "polltls/handshake/flow";
import type { Handshake } from "polltls/handshake/handshake";
import { serverStart } from "polltls/handshake/server-start";
import { server13 } from "polltls/handshake/server13";
import { TicketKeys } from "polltls/handshake/ticket-keys";
import { secp256r1, x25519 } from "polltls/wire/registry";
import { type End, equal, Pair, type PairOptions, TestClock, TestEntropy, TestPki, testRegistry } from "./harness.js";

const registry = testRegistry();
const pki = new TestPki(registry);

/** Which messages a step that reads takes; all others are out of order there. */
const takes: Record<string, number[]> = {
	readServerHello: [2],
	readServerHello13: [2],
	readEncryptedExtensions: [8],
	readCertificateRequest: [], // goes on to the Certificate whatever stands
	readServerCertificate: [11],
	readServerCertificateVerify: [15],
	readServerFinished: [20],
	readClientHello: [1],
	readSecondClientHello: [1],
	readClientCertificate: [11],
	readClientCertificateVerify: [15],
	readClientFinished: [20],
	readPostHandshake: [4, 9, 10, 24], // 9 and 10 only over datagrams: see the refusals
	readEndOfEarlyData: [5],
};

/** Runs a step while a message of this type stands; answers the failure's index, 0 if it took it for its own. */
function offer(step: (hs: Handshake) => number, type: number): number {
	const hs = {
		failure: 0,
		messages: { type, peek: () => true, takeWear: () => false },
		post: { keyUpdate: 0, newId: 0 },
		settings: { variant: {} },
		schedule: {},
		hello: {},
		auth: {},
	} as unknown as Handshake;
	return step(hs) === FAILED ? hs.failure >> 16 : 0;
}

function walk(options: PairOptions, act?: (pair: Pair) => void): Pair {
	const pair = new Pair(pki, registry, options);
	pair.run();
	equal(pair.open, true, "open");
	act?.(pair);
	pair.run();
	return pair;
}

function path(end: End): string {
	return end.states.join(" ");
}

const clientBegin = "startHello startKeyShare shareKey sendClientHello readServerHello";
const pskBegin = "startHello startKeyShare shareKey sendClientHello sealClientHello readServerHello";
/** The trunk hands over: the same message is read again. */
const clientKeys = "readServerHello13 receiveKeyShare deriveHandshakeSecrets installClientHandshakeKeys readEncryptedExtensions";
const clientProof =
	"readCertificateRequest readServerCertificate checkServerCertificate readServerCertificateVerify checkServerCertificateVerify readServerFinished";
const clientEnd = "sendClientFinished installApplicationKeys readPostHandshake";
const serverKeys = "shareServerKey sendServerHello installHandshakeKeys sendEncryptedExtensions";
const serverProof = "sendServerCertificate startServerCertificateVerify signServerCertificateVerify sendServerCertificateVerify";
const serverEnd = "sendServerFinished installApplicationWriteKeys";

export const cases: Record<string, () => void> = {
	"every message in every wrong state"() {
		let offered = 0;
		for (const flow of [clientStart, client13, serverStart, server13, after13] as Flow[]) {
			for (const step of flow.steps) {
				if (!step.name.startsWith("read") || step.name === "readCertificateRequest") continue;
				const own = takes[step.name];
				if (own === undefined) throw new Error(`${step.name}: which messages does it take?`);
				for (let type = 0; type < 256; type++) {
					if (own.includes(type)) continue;
					const failure = offer(step, type);
					equal(failure, (step.name === "readPostHandshake" ? POST_HANDSHAKE_UNEXPECTED : MESSAGE_OUT_OF_ORDER) >> 16, `${step.name}, message ${type}`);
					offered++;
				}
			}
		}
		equal(offered > 2500, true);
	},
	"by certificate"() {
		const { client, server } = walk({});
		equal(path(client), `${clientBegin} ${clientKeys} ${clientProof} chooseAnswer ${clientEnd}`);
		equal(path(server), `readClientHello chooseClientPsk answerClientHello ${serverKeys} ${serverProof} ${serverEnd} readClientFinished readPostHandshake`);
	},
	"with a HelloRetryRequest"() {
		const { client, server } = walk({ client: { groups: [secp256r1, x25519] }, server: { groups: [x25519] } });
		equal(
			path(client),
			`${clientBegin} readServerHello13 startKeyShare shareKey sendClientHello readServerHello ${clientKeys} ${clientProof} chooseAnswer ${clientEnd}`,
		);
		equal(
			path(server),
			`readClientHello chooseClientPsk answerClientHello sendHelloRetryRequest sendRetryCompatibility readSecondClientHello ${serverKeys} ${serverProof} ${serverEnd} readClientFinished readPostHandshake`,
		);
	},
	"with a client's certificate"() {
		const { client, server } = walk({ client: { credentials: [pki.client] }, server: { verifyClient: "require" } });
		const proof = "sendClientCertificate startClientCertificateVerify signClientCertificateVerify sendClientCertificateVerify";
		equal(path(client), `${clientBegin} ${clientKeys} ${clientProof} chooseAnswer ${proof} ${clientEnd}`);
		const check = "readClientCertificate checkClientCertificate readClientCertificateVerify checkClientCertificateVerify";
		equal(
			path(server),
			`readClientHello chooseClientPsk answerClientHello ${serverKeys} sendCertificateRequest ${serverProof} ${serverEnd} ${check} readClientFinished readPostHandshake`,
		);
	},
	"with an empty certificate of the client"() {
		const { client, server } = walk({ server: { verifyClient: "request" } });
		equal(path(client), `${clientBegin} ${clientKeys} ${clientProof} chooseAnswer sendClientCertificate ${clientEnd}`);
		equal(
			path(server),
			`readClientHello chooseClientPsk answerClientHello ${serverKeys} sendCertificateRequest ${serverProof} ${serverEnd} readClientCertificate readClientFinished readPostHandshake`,
		);
	},
	"by ticket"() {
		const tickets = new TicketKeys(registry, new TestClock(), new TestEntropy(3), 7200);
		const first = walk({ server: { tickets } });
		equal(
			path(first.server),
			`readClientHello chooseClientPsk answerClientHello ${serverKeys} ${serverProof} ${serverEnd} readClientFinished sendNewSessionTicket readPostHandshake`,
		);
		const { client, server } = walk({ client: { session: first.client.connection.session }, server: { tickets } });
		equal(path(client), `${pskBegin} ${clientKeys} readServerFinished chooseAnswer ${clientEnd}`);
		equal(
			path(server),
			`readClientHello chooseClientPsk answerClientHello ${serverKeys} ${serverEnd} readClientFinished sendNewSessionTicket readPostHandshake`,
		);
	},
	KeyUpdate() {
		const { client, server } = walk({}, (pair) => pair.client.connection.updateKeys(true));
		const update = "readPostHandshake sendKeyUpdate installUpdatedKeys readPostHandshake";
		equal(path(client).endsWith(update), true, path(client));
		equal(path(server).endsWith(update), true, path(server));
	},
};
