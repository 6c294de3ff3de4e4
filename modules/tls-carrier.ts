// What a connection over a stream stands on: its memory, records and messages. For the entry points of TLS.

import { Layout } from "./engine/buffers.js";
import type { Carrier } from "./engine/carrier.js";
import { bufferSizes, type ConnectionOptions, connectionMemory } from "./engine/config.js";
import { TlsMessages } from "./messages/tls-messages.js";
import type { CreateProtection } from "./record/protection.js";
import { TlsInput } from "./record/tls-input.js";
import { TlsOutput } from "./record/tls-output.js";

/** Reserves the memory and lays the parts into it. */
export function createTlsCarrier(options: ConnectionOptions, createProtection: CreateProtection): Carrier {
	const layout = new Layout(bufferSizes(options));
	const memory = connectionMemory(options, layout.size);
	const input = new TlsInput(memory, layout.inputAt, layout.outputAt);
	const output = new TlsOutput(memory, layout.outputAt, layout.storeAt);
	const messages = new TlsMessages({
		memory,
		input,
		output,
		registry: options.registry,
		createProtection,
		storeAt: layout.storeAt,
		storeEnd: layout.flightAt,
		flightAt: layout.flightAt,
		flightEnd: layout.size,
	});
	return { memory, input, output, messages };
}
