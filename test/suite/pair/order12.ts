// Portable cases: the states of TLS 1.2 (RFC 5246 7.3): each step that reads takes its own messages and no others, and the
// ways through the tables are those of the RFC and no others.

import { MESSAGE_OUT_OF_ORDER, POST_HANDSHAKE_UNEXPECTED_12 } from "polltls/base/failure";
import { FAILED } from "polltls/base/status";
import { findSuite } from "polltls/crypto/suites";
import { after12 } from "polltls/handshake/after12";
import { client12 } from "polltls/handshake/client12";
import type { Flow } from "polltls/handshake/flow";
import { Handshake } from "polltls/handshake/handshake";
import { Handshake12 } from "polltls/handshake/handshake12";
import { server12 } from "polltls/handshake/server12";
import { SessionCache } from "polltls/handshake/session-store";
import type { Settings } from "polltls/handshake/settings";
import { TicketKeys } from "polltls/handshake/ticket-keys";
import type { Messages } from "polltls/messages/messages";
import { KEY_USAGE_KEY_ENCIPHERMENT } from "polltls/pki/extensions";
import { type End, equal, type Pair, type PairOptions, TestClock, TestEntropy, TestPki } from "./harness.js";
import { pair12, psk, rsaCredential, testRegistry12 } from "./harness12.js";

const registry = testRegistry12();
const pki = new TestPki(registry);
const rsa = rsaCredential(pki, KEY_USAGE_KEY_ENCIPHERMENT);

/** Which messages a step that reads takes; all others are out of order there. */
const takes: Record<string, number[]> = {
	readServerHello12: [2],
	readServerCertificate12: [11],
	readServerKeyExchange12: [12],
	readServerHelloDone12: [14],
	readNewSessionTicket12: [4],
	readServerChangeCipherSpec: [],
	readServerFinished12: [20],
	readClientCertificate12: [11],
	readClientKeyExchange12: [16],
	readClientCertificateVerify12: [15],
	readClientChangeCipherSpec: [],
	readClientFinished12: [20],
	readPostHandshake12: [],
};
/** They go on to the next step whatever stands. */
const optional = ["readCertificateStatus12", "readCertificateRequest12"];

/** Runs a step while a message of this type stands; answers the failure's index, 0 if it took it for its own. */
function offer(flow: Flow, state: number, type: number): number {
	const messages = { type, bodyAt: 0, bodyEnd: 0, memory: new Uint8Array(8), peek: () => true, takeChangeCipherSpec: () => false } as unknown as Messages;
	const hs = new Handshake({ registry, isServer: true } as unknown as Settings, messages, flow);
	hs.state12 = new Handshake12();
	hs.negotiated.suite = findSuite(0xc02b);
	return flow.steps[state](hs) === FAILED ? hs.failure >> 16 : 0;
}

function walk(options: PairOptions, act?: (pair: Pair) => void): Pair {
	const pair = pair12(pki, registry, options);
	pair.run();
	equal(pair.open, true, "open");
	act?.(pair);
	pair.run();
	return pair;
}

function path(end: End): string {
	return end.states.join(" ");
}

const clientBegin = "startHello sendClientHello readServerHello readServerHello12";
const clientCertificate = "readServerCertificate12 checkServerCertificate12";
const clientExchange = "readServerKeyExchange12 checkServerKeyExchange12 shareClientKey12 shareClientSecret12 readCertificateRequest12 readServerHelloDone12";
const clientFinish = "sendClientChangeCipherSpec sendClientFinished12 endClientFlight12";
const clientEnd = "readServerChangeCipherSpec readServerFinished12 readPostHandshake12";
const serverBegin = "readClientHello answerClientHello12 sendServerHello12";
const serverExchange = "shareServerKey12 signParameters12 sendServerKeyExchange12 sendCertificateRequest12 sendServerHelloDone12";
const serverSecret = "readClientKeyExchange12 shareServerSecret12";
const serverFinish = "readClientChangeCipherSpec readClientFinished12";
const serverEnd = "sendServerChangeCipherSpec sendServerFinished12 endServerFlight12";

export const cases: Record<string, () => void> = {
	"every message in every wrong state"() {
		let offered = 0;
		for (const flow of [client12, server12, after12] as Flow[]) {
			flow.steps.forEach((step, state) => {
				if (!step.name.startsWith("read") || optional.includes(step.name)) return;
				const own = takes[step.name];
				if (own === undefined) throw new Error(`${step.name}: which messages does it take?`);
				for (let type = 0; type < 256; type++) {
					if (own.includes(type) || (step.name === "readPostHandshake12" && type === 1)) continue;
					const expected = step.name === "readPostHandshake12" ? POST_HANDSHAKE_UNEXPECTED_12 : MESSAGE_OUT_OF_ORDER;
					equal(offer(flow, state, type), expected >> 16, `${step.name}, message ${type}`);
					offered++;
				}
			});
		}
		equal(offered > 3000, true);
	},
	ECDHE() {
		const { client, server } = walk({});
		equal(path(client), `${clientBegin} ${clientCertificate} ${clientExchange} sendClientKeyExchange12 ${clientFinish} ${clientEnd}`);
		equal(path(server), `${serverBegin} sendServerCertificate12 ${serverExchange} ${serverSecret} ${serverFinish} ${serverEnd} readPostHandshake12`);
	},
	"a client's certificate"() {
		const { client, server } = walk({ client: { credentials: [pki.client] }, server: { verifyClient: "require" } });
		const proof = "startClientCertificateVerify12 signClientCertificateVerify12 sendClientCertificateVerify12";
		equal(
			path(client),
			`${clientBegin} ${clientCertificate} ${clientExchange} sendClientCertificate12 sendClientKeyExchange12 ${proof} ${clientFinish} ${clientEnd}`,
		);
		const asked = "readClientCertificate12 checkClientCertificate12";
		const check = "readClientCertificateVerify12 checkClientCertificateVerify12";
		equal(
			path(server),
			`${serverBegin} sendServerCertificate12 ${serverExchange} ${asked} ${serverSecret} ${check} ${serverFinish} ${serverEnd} readPostHandshake12`,
		);
	},
	RSA() {
		const { client, server } = walk({ client: { suites: [0x009c] }, server: { credentials: [rsa] } });
		const rest = "readCertificateRequest12 readServerHelloDone12 encryptSecret12 sendClientKeyExchange12";
		equal(path(client), `${clientBegin} ${clientCertificate} ${rest} ${clientFinish} ${clientEnd}`);
		const only = "sendServerCertificate12 sendCertificateRequest12 sendServerHelloDone12";
		equal(path(server), `${serverBegin} ${only} ${serverSecret} ${serverFinish} ${serverEnd} readPostHandshake12`);
	},
	PSK() {
		const { client, server } = walk({ client: { psks: [psk], suites: [0x00a8] }, server: { psks: [psk], credentials: [] } });
		const rest = "readServerKeyExchange12 readCertificateRequest12 readServerHelloDone12 sendClientKeyExchange12";
		equal(path(client), `${clientBegin} ${rest} ${clientFinish} ${clientEnd}`);
		equal(path(server), `${serverBegin} sendCertificateRequest12 sendServerHelloDone12 ${serverSecret} ${serverFinish} ${serverEnd} readPostHandshake12`);
	},
	"a ticket, given and taken"() {
		const tickets = new TicketKeys(registry, new TestClock(), new TestEntropy(3), 7200);
		const first = walk({ server: { tickets } });
		const give = `${serverSecret} ${serverFinish} sendNewSessionTicket12 ${serverEnd} readPostHandshake12`;
		equal(path(first.server), `${serverBegin} sendServerCertificate12 ${serverExchange} ${give}`);
		equal(path(first.client).endsWith(`readNewSessionTicket12 ${clientEnd}`), true, path(first.client));
		const { client, server } = walk({ client: { session: first.client.connection.session }, server: { tickets } });
		equal(path(client), `${clientBegin} readServerChangeCipherSpec readServerFinished12 ${clientFinish} readPostHandshake12`);
		equal(path(server), `${serverBegin} ${serverEnd} ${serverFinish} readPostHandshake12`);
	},
	"a session, named and taken by its id"() {
		const sessions = new SessionCache(2);
		const first = walk({ server: { sessions } });
		equal(path(first.server), `${serverBegin} sendServerCertificate12 ${serverExchange} ${serverSecret} ${serverFinish} ${serverEnd} readPostHandshake12`);
		const { client, server } = walk({ client: { session: first.client.connection.session }, server: { sessions } });
		equal(path(client), `${clientBegin} readServerChangeCipherSpec readServerFinished12 ${clientFinish} readPostHandshake12`);
		equal(path(server), `${serverBegin} ${serverEnd} ${serverFinish} readPostHandshake12`);
	},
	"a second handshake, asked for by the server"() {
		const { client, server } = walk({ client: { renegotiation: true } }, (pair) => pair.server.connection.renegotiate());
		const again = `${clientCertificate} ${clientExchange} sendClientKeyExchange12 ${clientFinish} ${clientEnd}`;
		equal(path(client).endsWith(`readPostHandshake12 ${clientBegin} ${again}`), true, path(client));
		equal(path(server).includes("readPostHandshake12 sendHelloRequest12 readPostHandshake12 answerClientHello12 sendServerHello12"), true, path(server));
	},
};
