// Portable cases: one bit of one byte on the wire is changed, each byte of a handshake in turn. The two ends must never
// both believe in what they agreed on, one of them must say what is wrong, and nobody may hang.

import { failureName } from "polltls/base/failure-text";
import { CLOSED } from "polltls/base/status";
import { TicketKeys } from "polltls/handshake/ticket-keys";
import { psk_ke, secp256r1, TLS_1_3, x25519 } from "polltls/wire/registry";
import { type End, equal, Pair, type PairOptions, TestClock, TestEntropy, TestPki, testRegistry } from "./harness.js";

const registry = testRegistry();
const pki = new TestPki(registry);
const psk = { identity: Uint8Array.of(100, 101, 118), key: Uint8Array.from({ length: 16 }, (_, i) => i + 1) };

type Make = (options: PairOptions) => Pair;

function pairOf(options: PairOptions): Pair {
	return new Pair(pki, registry, options);
}

/** The bytes of plain records' headers whose version means nothing (RFC 8446 5.1): the second byte of it. In 1.2 records are sealed behind the change_cipher_spec. */
function meansNothing(bytes: number[], offset: number, is13: boolean): boolean {
	for (let at = 0; at < bytes.length; at += 5 + ((bytes[at + 3] << 8) | bytes[at + 4])) {
		if (offset === at + 2 && bytes[at] !== 23) return true;
		if (!is13 && bytes[at] === 20) return false;
	}
	return false;
}

/** Changes every byte that each side sends in turn. */
export function tamperEach(options: PairOptions, text: string, make: Make = pairOf): void {
	const whole = run(make, options, undefined, 0);
	equal(text === whole.client.text && text === whole.server.text, true, "untouched it works");
	for (const side of ["client", "server"] as const) {
		const { sent } = whole[side];
		for (let offset = 0; offset < sent.length; offset++) {
			const pair = run(make, options, side, offset);
			const { client, server } = pair;
			const what = `${side}'s byte ${offset} of ${sent.length}`;
			const complete = client.text === text && server.text === text && client.connection.failure === 0 && server.connection.failure === 0;
			if (meansNothing(sent, offset, whole.client.connection.negotiated.version === TLS_1_3)) {
				equal(complete, true, `${what}: a version that means nothing`);
				continue;
			}
			equal(complete, false, `${what}: nobody noticed`);
			equal(client.connection.state, CLOSED, `${what}: the client hangs in ${client.connection.stateName}`);
			equal(server.connection.state, CLOSED, `${what}: the server hangs in ${server.connection.stateName}`);
			const names = [client, server].map((end) => failureName(end.connection.failure));
			if (!names.some((name) => name !== "NO_FAILURE" && name !== "ALERT_RECEIVED" && name !== "CRYPTO_PROVIDER_FAILED"))
				throw new Error(`${what}: ${names.join(", ")}`);
			equal(names.includes("CRYPTO_PROVIDER_FAILED"), false, `${what}: ${names.join(", ")}`);
		}
	}
}

/** A handshake and a text each way, in which one byte of one side is another; both then close. */
function run(make: Make, options: PairOptions, side: "client" | "server" | undefined, offset: number): Pair {
	let sender: End | undefined;
	const pair = make({ ...options, tamper: (end, at, byte) => (end === sender && at === offset ? byte ^ (1 << (offset & 7)) : byte) });
	sender = side && pair[side];
	pair.client.write("hi");
	pair.server.write("hi");
	pair.run();
	pair.client.connection.close();
	pair.server.connection.close();
	pair.run();
	return pair;
}

export const cases: Record<string, () => void> = {
	"pre-shared key, no key exchange"() {
		const modes = { psks: [psk], pskModes: [psk_ke] };
		tamperEach({ client: { ...modes, groups: [] }, server: { ...modes, credentials: [] } }, "hi");
	},
};

/** Where arithmetic is fast: on Node. */
export const longCases: Record<string, () => void> = {
	"resumed by ticket"() {
		const tickets = new TicketKeys(registry, new TestClock(), new TestEntropy(3), 7200);
		const first = pairOf({ server: { tickets } });
		first.run();
		tamperEach({ client: { session: first.client.connection.session }, server: { tickets } }, "hi");
	},
	"certificates of both, after a HelloRetryRequest"() {
		tamperEach({ client: { groups: [secp256r1, x25519], credentials: [pki.client] }, server: { groups: [x25519], verifyClient: "require" } }, "hi");
	},
};
