// Portable cases: one bit of one byte of a handshake of TLS 1.2 is changed, as tamper13 does it.

import type { Session } from "polltls/handshake/session";
import { TicketKeys } from "polltls/handshake/ticket-keys";
import { TestClock, TestEntropy, TestPki } from "./harness.js";
import { pair12, psk, testRegistry12 } from "./harness12.js";
import { tamperEach } from "./tamper13.js";

const registry = testRegistry12();
const pki = new TestPki(registry);
const psks = { client: { psks: [psk] }, server: { psks: [psk], credentials: [] } };

export const cases: Record<string, () => void> = {
	"bare PSK, AEAD"() {
		tamperEach({ client: { ...psks.client, suites: [0x00a8] }, server: psks.server }, "hi", (options) => pair12(pki, registry, options));
	},
};

/** What a server gives a client. */
function withTicket(): { tickets: TicketKeys; session: Session | undefined } {
	const tickets = new TicketKeys(registry, new TestClock(), new TestEntropy(3), 7200);
	const pair = pair12(pki, registry, { server: { tickets } });
	pair.run();
	return { tickets, session: pair.client.connection.session };
}

/** Where arithmetic is fast: on Node. */
export const longCases: Record<string, () => void> = {
	"certificates of both, block cipher"() {
		const options = { client: { credentials: [pki.client], suites: [0xc023] }, server: { verifyClient: "require" as const } };
		tamperEach(options, "hi", (changed) => pair12(pki, registry, changed));
	},
	"resumed by ticket"() {
		const { tickets, session } = withTicket();
		tamperEach({ client: { session }, server: { tickets } }, "hi", (changed) => pair12(pki, registry, changed));
	},
};
