// Alerts (RFC 8446 section 6, RFC 5246 7.2), the only file that writes and reads them.

import { close_notify, no_alert, no_renegotiation, unrecognized_name, user_canceled } from "../base/alert.js";
import { ALERT_MALFORMED, ALERT_RECEIVED, type Failure, NO_FAILURE } from "../base/failure.js";
import type { RecordInput, RecordOutput } from "../record/records.js";
import { alert } from "../wire/registry.js";

const warning = 1;
const fatal = 2;
/** More warnings than these are no use to anybody. */
const WARNINGS_MAX = 4;

/** The alerts of one connection. */
export class Alerts {
	/** The description of the last alert sent and received, no_alert if there was none. */
	sent = no_alert;
	received = no_alert;
	/** The peer will send no more data. */
	closeReceived = false;
	#warnings = 0;

	/** Writes an alert if there is room for it, which there is for the first two; answers whether it was written. */
	send(memory: Uint8Array, output: RecordOutput, description: number): boolean {
		if (output.roomForAlert() < 2) return false;
		const at = output.contentAt();
		memory[at] = description === close_notify || description === no_renegotiation ? warning : fatal;
		memory[at + 1] = description;
		output.seal(alert, at + 2);
		this.sent = description;
		return true;
	}

	/** The same, answering what a provider threw that can't seal it any more; undefined if none did. */
	tell(memory: Uint8Array, output: RecordOutput, description: number): unknown {
		try {
			this.send(memory, output, description);
		} catch (error) {
			return error ?? description;
		}
		return undefined;
	}

	/**
	 * Reads the alert that stands and releases it. The level says nothing: all but two end the connection (RFC 8446 6.2).
	 * Before 1.3 a server may warn that it doesn't know the name and go on (RFC 6066 3).
	 */
	read(memory: Uint8Array, input: RecordInput, is13: boolean): Failure {
		if (input.end - input.at !== 2) return ALERT_MALFORMED;
		const level = memory[input.at];
		this.received = memory[input.at + 1];
		input.release();
		if (this.received === close_notify) {
			this.closeReceived = true;
			return NO_FAILURE;
		}
		const harmless = this.received === user_canceled || (!is13 && level === warning && this.received === unrecognized_name);
		return harmless && ++this.#warnings <= WARNINGS_MAX ? NO_FAILURE : ALERT_RECEIVED;
	}
}
