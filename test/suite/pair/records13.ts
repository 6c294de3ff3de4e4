// Portable cases: what the record layer and the engine of TLS 1.3 must refuse, and what they must let pass.

import { close_notify, no_alert, unexpected_message } from "polltls/base/alert";
import * as failures from "polltls/base/failure";
import { CLOSED, ENCRYPTION_MODULE_ERR, HANDSHAKE, OPERATING, TIMEOUT_ERR } from "polltls/base/status";
import { Connection } from "polltls/engine/connection";
import { HANDSHAKE_DONE, type Handshake } from "polltls/handshake/handshake";
import type { Settings } from "polltls/handshake/settings";
import { alert, application_data, change_cipher_spec, handshake } from "polltls/wire/registry";
import { type End, equal, Pair, type PairOptions, TestPki, testRegistry } from "./harness.js";

const registry = testRegistry();
const pki = new TestPki(registry);

function fails(end: End, failure: number, sent = failures.alertOf(failure)): void {
	const { connection } = end;
	equal(connection.failure >> 16, failure >> 16, `in ${connection.stateName}, ${String(connection.cause)}`);
	equal(connection.state, CLOSED);
	equal(connection.poll(0), failures.codeOf(failure), "the public code");
	equal(connection.alerts.sent, sent, "the alert");
}

/** A pair that is open. */
function opened(options: PairOptions = {}): Pair {
	const pair = new Pair(pki, registry, options);
	pair.run();
	equal(pair.open, true, "open");
	return pair;
}

/** Writes a record with this content, under the keys that stand. */
function seal(end: End, type: number, content: number[]): void {
	const { memory, output } = end.connection.traffic;
	const at = output.contentAt();
	memory.set(content, at);
	output.seal(type, at + content.length);
}

/** Bytes that come to a server before anything else, all at once and one by one. */
function greets(bytes: number[], failure: number): void {
	for (const size of [4096, 1]) {
		const pair = new Pair(pki, registry, { size });
		pair.client.connection.abort();
		pair.server.incoming = bytes.slice();
		pair.run();
		fails(pair.server, failure);
		const sent = failures.alertOf(failure);
		equal(pair.server.sent.join(), [alert, 3, 1, 0, 2, 2, sent].join(), "one alert in the clear, and nothing else");
	}
}

export const cases: Record<string, () => void> = {
	"a plain HTTP request"() {
		greets(
			[...("GET / HTTP/1.0\r\n\r\n" as string)].map((c) => c.charCodeAt(0)),
			failures.RECORD_TYPE_UNKNOWN,
		);
	},
	"another protocol's version"() {
		greets([handshake, 9, 9, 0, 1, 1], failures.RECORD_VERSION_UNKNOWN);
	},
	"a record over the limit"() {
		greets([handshake, 3, 1, 0x40, 1], failures.RECORD_OVERFLOW);
	},
	"a record that our buffer can't hold"() {
		greets([handshake, 3, 1, 0x30, 0], failures.RECORD_TOO_LARGE_FOR_BUFFER);
	},
	"a record without content"() {
		greets([handshake, 3, 1, 0, 0], failures.RECORD_EMPTY);
	},
	"a change_cipher_spec before all else"() {
		greets([change_cipher_spec, 3, 3, 0, 1, 1], failures.CHANGE_CIPHER_SPEC_UNEXPECTED);
	},
	"application data before all else"() {
		greets([application_data, 3, 3, 0, 1, 1], failures.APPLICATION_DATA_TOO_EARLY);
	},
	"another record inside a message"() {
		greets([handshake, 3, 1, 0, 2, 1, 0, alert, 3, 1, 0, 2, 1, 0], failures.RECORDS_INTERLEAVED);
	},
	"an alert of one byte"() {
		greets([alert, 3, 1, 0, 1, 1], failures.ALERT_MALFORMED);
	},
	"a message that has no place at the beginning"() {
		greets([handshake, 3, 1, 0, 4, 20, 0, 0, 0], failures.MESSAGE_OUT_OF_ORDER);
	},
	"half a record, then nothing: the time runs out"() {
		const pair = new Pair(pki, registry);
		pair.client.connection.abort();
		pair.server.incoming = [handshake, 3, 1, 1, 0, 1, 2, 3];
		for (let i = 0; i < 20; i++) pair.server.turn(1000, pair.client, 100, undefined);
		equal(pair.server.connection.state, HANDSHAKE);
		equal(pair.server.connection.wakeAt, 11000);
		pair.server.turn(11000, pair.client, 100, undefined);
		fails(pair.server, failures.HANDSHAKE_TIMED_OUT);
		equal(pair.server.connection.poll(11000), TIMEOUT_ERR);
	},
	"half a record, then the network ends"() {
		const pair = new Pair(pki, registry);
		pair.server.incoming = [handshake, 3, 1, 1, 0, 1, 2, 3];
		pair.client.connection.abort();
		pair.run();
		fails(pair.server, failures.RECORD_CUT_OFF);
	},
	"close_notify in the handshake"() {
		const pair = new Pair(pki, registry);
		pair.client.connection.abort();
		pair.server.incoming = [alert, 3, 1, 0, 2, 1, close_notify];
		pair.run();
		fails(pair.server, failures.CLOSED_IN_HANDSHAKE);
	},
	"a fatal alert in the handshake"() {
		const pair = new Pair(pki, registry);
		pair.client.connection.abort();
		pair.server.incoming = [alert, 3, 1, 0, 2, 2, unexpected_message];
		pair.run();
		fails(pair.server, failures.ALERT_RECEIVED);
		equal(pair.server.connection.alerts.received, unexpected_message);
	},
	"a bit changed in application data"() {
		let armed = false;
		const pair = opened({ tamper: (end, offset, byte) => (armed && offset === before + 10 && end === pair.client ? byte ^ 1 : byte) });
		const before = pair.client.sent.length;
		armed = true;
		pair.client.write("hello");
		pair.run();
		fails(pair.server, failures.BAD_RECORD_MAC);
	},
	"a record in the clear once there are keys"() {
		const pair = opened();
		pair.server.incoming = [handshake, 3, 3, 0, 1, 0];
		pair.run();
		fails(pair.server, failures.RECORD_UNPROTECTED);
	},
	"an alert in the clear once there are keys"() {
		const pair = opened();
		pair.server.incoming = [alert, 3, 3, 0, 2, 2, 80];
		pair.run();
		fails(pair.server, failures.RECORD_UNPROTECTED);
	},
	"a change_cipher_spec once the handshake is done"() {
		const pair = opened();
		pair.server.incoming = [change_cipher_spec, 3, 3, 0, 1, 1];
		pair.run();
		fails(pair.server, failures.CHANGE_CIPHER_SPEC_UNEXPECTED);
	},
	"content without a type"() {
		const pair = opened();
		seal(pair.client, 0, [0, 0, 0]);
		pair.run();
		fails(pair.server, failures.RECORD_CONTENT_MALFORMED);
	},
	"content of a type that nobody knows"() {
		const pair = opened();
		seal(pair.client, 99, [1]);
		pair.run();
		fails(pair.server, failures.RECORD_CONTENT_TYPE_UNKNOWN);
	},
	"content over the limit that we set"() {
		const pair = opened({ server: { recordSizeLimit: 64 } });
		seal(pair.client, application_data, new Array(65).fill(1));
		pair.run();
		fails(pair.server, failures.RECORD_CONTENT_TOO_LONG);
	},
	"application data before the handshake is done"() {
		const pair = new Pair(pki, registry);
		for (let i = 0; i < 2000 && pair.client.connection.stateName !== "sendClientFinished"; i++) {
			pair.client.turn(1000, pair.server, 4096, undefined);
			pair.server.turn(1000, pair.client, 4096, undefined);
		}
		seal(pair.client, application_data, [1, 2, 3]);
		pair.run();
		fails(pair.server, failures.APPLICATION_DATA_TOO_EARLY);
	},
	"empty application data passes"() {
		const pair = opened();
		seal(pair.client, application_data, []);
		seal(pair.client, application_data, [65]);
		pair.run();
		equal(pair.server.text, "A");
		equal(pair.open, true);
	},
	"padding passes"() {
		const pair = opened();
		const { memory, output } = pair.client.connection.traffic;
		const at = output.contentAt();
		memory.set([66, application_data, 0, 0, 0], at); // RFC 8446 5.4: content, type, zeros
		output.seal(0, at + 5);
		pair.run();
		equal(pair.server.text, "B");
	},
	"data after close_notify"() {
		const pair = opened();
		const { memory, output } = pair.client.connection.traffic;
		pair.client.connection.alerts.send(memory, output, close_notify);
		seal(pair.client, application_data, [65]);
		pair.run();
		fails(pair.server, failures.DATA_AFTER_CLOSE, no_alert);
		equal(pair.server.text, "", "none of it arrives");
	},
	"the network ends without close_notify"() {
		const pair = opened();
		pair.client.connection.abort();
		pair.run();
		fails(pair.server, failures.TRANSPORT_ENDED);
	},
	"what has arrived is still read after the network's end"() {
		const pair = opened();
		seal(pair.client, application_data, [65, 66]);
		const { memory, output } = pair.client.connection.traffic;
		pair.client.connection.alerts.send(memory, output, close_notify);
		const bytes = new Uint8Array(200);
		const count = pair.client.connection.networkOut(bytes, 0, 200);
		pair.server.connection.networkIn(bytes, 0, count);
		pair.server.connection.networkEnd();
		pair.run();
		equal(pair.server.text, "AB");
		equal(pair.server.connection.failure, 0);
	},
	"a provider that fails ends the connection and nothing else"() {
		const entropy = {
			fill(): void {
				throw new Error("no entropy");
			},
		};
		const pair = new Pair(pki, registry, { server: { entropy } });
		pair.run();
		fails(pair.server, failures.CRYPTO_PROVIDER_FAILED);
		equal(pair.server.connection.poll(), ENCRYPTION_MODULE_ERR);
		equal(String(pair.server.connection.cause), "Error: no entropy");
	},
	"no open door without proofs"() {
		const cheat = (hs: Handshake): number => {
			hs.proofs |= HANDSHAKE_DONE;
			return 0;
		};
		const { traffic } = new Pair(pki, registry).client.connection;
		const settings = { clock: { ticks: () => 0 }, variant: {}, registry, firstFlow: { steps: [cheat], first: 0 }, isServer: false } as unknown as Settings;
		const connection = new Connection(settings, traffic, 0);
		connection.poll(0);
		equal(connection.failure >> 16, failures.PROOFS_MISSING >> 16);
		equal(connection.state === OPERATING, false);
	},
};
