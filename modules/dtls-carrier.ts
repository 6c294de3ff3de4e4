// What a connection over datagrams stands on: its memory, records and messages. For the entry points of DTLS.

import type { DtlsOptions } from "./dtls-options.js";
import { Layout } from "./engine/buffers.js";
import type { Carrier } from "./engine/carrier.js";
import { bufferSizes, type ConnectionOptions, connectionMemory } from "./engine/config.js";
import { DtlsMessages } from "./messages/dtls-messages.js";
import { DtlsInput } from "./record/dtls-input.js";
import { DtlsOutput } from "./record/dtls-output.js";
import { ConnectionIds, type CreateDtlsProtection } from "./record/dtls-protection.js";

const MTU = 1400;
const MTU_LEAST = 228;
const MTU_MOST = 16384;

/**
 * Reserves the memory and lays the parts into it. `firstSequence`: of both sides' messages; 1 if a ClientHello was answered
 * without a connection. `proven`: the peer's address is; else it gets no more than three times what came from there.
 */
export function createDtlsCarrier(
	options: ConnectionOptions & DtlsOptions,
	createProtection: CreateDtlsProtection,
	firstSequence: number,
	proven: boolean,
): Carrier {
	const { mtu = MTU, retransmitInitial = 1000, retransmitMax = 60000, messageRetries = 5 } = options;
	if (!Number.isInteger(mtu) || mtu < MTU_LEAST || mtu > MTU_MOST) throw new RangeError(`mtu: ${mtu} is not from ${MTU_LEAST} to ${MTU_MOST}`);
	if (!(retransmitInitial > 0) || !(retransmitMax >= retransmitInitial))
		throw new RangeError("retransmitInitial, retransmitMax: the first is from 1 up to the second");
	if (!Number.isInteger(messageRetries) || messageRetries < 0) throw new RangeError(`messageRetries: ${messageRetries} is not a number from 0 on`);
	const layout = new Layout(bufferSizes(options));
	const memory = connectionMemory(options, layout.size);
	const ids = new ConnectionIds();
	const input = new DtlsInput(memory, layout.inputAt, layout.outputAt, ids);
	const output = new DtlsOutput(memory, layout.outputAt, layout.storeAt, ids, mtu);
	ids.paths.trusting = options.trustNewAddress ?? false;
	ids.paths.enhanced = options.askOldAddress ?? false;
	if (!proven) output.unproven = input;
	const messages = new DtlsMessages({
		memory,
		input,
		output,
		registry: options.registry,
		entropy: options.entropy,
		createProtection,
		storeAt: layout.storeAt,
		storeEnd: layout.flightAt,
		flightAt: layout.flightAt,
		flightEnd: layout.size,
		timing: { initial: retransmitInitial, longest: retransmitMax, retries: messageRetries },
		firstSequence,
	});
	return { memory, input, output, messages };
}
