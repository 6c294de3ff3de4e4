// What the engine stands on, whether bytes come in a stream or in datagrams. Made by the carriers of the entry points.

import type { Messages } from "../messages/messages.js";
import type { RecordInput, RecordOutput } from "../record/records.js";

/** What a connection stands on; made by the entry points. */
export interface Carrier {
	readonly memory: Uint8Array;
	readonly input: RecordInput;
	readonly output: RecordOutput;
	readonly messages: Messages;
}
