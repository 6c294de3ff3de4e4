// What a connection over datagrams stands on: its memory, records and messages. For the entry points of DTLS.

import { Layout } from "./engine/buffers.js";
import { bufferSizes, type ConnectionOptions, connectionMemory } from "./engine/config.js";
import type { Carrier } from "./engine/connection.js";
import { DtlsMessages } from "./messages/dtls-messages.js";
import { DtlsInput } from "./record/dtls-input.js";
import { DtlsOutput } from "./record/dtls-output.js";
import { ConnectionIds, type CreateDtlsProtection } from "./record/dtls-protection.js";

/** What a connection over datagrams has beside other options. */
export interface DtlsOptions {
	/** The longest datagram that is sent, in bytes of UDP payload, 228 to 16384; 1400 if it isn't given. */
	readonly mtu?: number;
	/** Milliseconds until a flight is sent again, doubling up to the longest; 1000 and 60000 if they aren't given. */
	readonly retransmitInitial?: number;
	readonly retransmitMax?: number;
	/** After how many retransmissions without an answer connection.silent tells, 5 if it isn't given. It goes on all the same. */
	readonly messageRetries?: number;
	/**
	 * Connection ids (RFC 9146): by how many bytes the peer's records shall name the connection, 0 to 32. 0 names none, but
	 * lets the peer have ours. Without it ids aren't used.
	 */
	readonly connectionIdLength?: number;
	/** Client: this id, instead of one by chance. */
	readonly connectionId?: Uint8Array;
	/** Whether a new address of the peer is believed as soon as an authentic record comes from there: for peers that don't do return routability checks. By default it is not. */
	readonly trustNewAddress?: boolean;
}

const MTU = 1400;
const MTU_LEAST = 228;
const MTU_MOST = 16384;
const CONNECTION_ID_MOST = 32;

/** A connection's own id: that of the options, or a fresh one as long as they say. */
export function createConnectionId({
	connectionId,
	connectionIdLength = connectionId?.length,
	entropy,
}: ConnectionOptions & DtlsOptions): Uint8Array | undefined {
	if (connectionIdLength === undefined) return undefined;
	if (!Number.isInteger(connectionIdLength) || connectionIdLength < 0 || connectionIdLength > CONNECTION_ID_MOST)
		throw new RangeError(`connectionIdLength: ${connectionIdLength} is not from 0 to ${CONNECTION_ID_MOST}`);
	const id = new Uint8Array(connectionIdLength);
	if (connectionId === undefined) entropy.fill(id, 0, id.length);
	else id.set(connectionId);
	return id;
}

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
