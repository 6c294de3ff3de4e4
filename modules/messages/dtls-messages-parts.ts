// What messages over datagrams stand on, and what they know of the handshake. For messages/dtls-messages and the
// entry points of DTLS.

import type { Reader } from "../base/reader.js";
import type { Writer } from "../base/writer.js";
import type { Registry } from "../crypto/registry.js";
import type { Transcript } from "../crypto/transcript.js";
import type { Entropy } from "../os/os.js";
import type { DtlsInput } from "../record/dtls-input.js";
import type { DtlsOutput } from "../record/dtls-output.js";
import type { CreateDtlsProtection, DtlsProtection } from "../record/dtls-protection.js";
import type { SequenceNumber } from "../record/protection.js";
import { ack, handshake } from "../wire/registry.js";
import type { DtlsHandshakes } from "./dtls-handshakes.js";
import type { DtlsTiming } from "./dtls-timer.js";

/** What a connection's messages stand on. */
export interface DtlsMessagesParts {
	readonly memory: Uint8Array;
	readonly input: DtlsInput;
	readonly output: DtlsOutput;
	readonly registry: Registry;
	readonly entropy: Entropy;
	readonly createProtection: CreateDtlsProtection;
	/** Handshake store: all messages of the peer that are being put together. */
	readonly storeAt: number;
	readonly storeEnd: number;
	/** Flight store: our whole flight. */
	readonly flightAt: number;
	readonly flightEnd: number;
	readonly timing: DtlsTiming;
	/** The message_seq that both sides begin with: not 0 if a first ClientHello was answered without a connection. */
	readonly firstSequence: number;
}

/** What the messages know of the handshake. */
export class DtlsProgress {
	/** 0 until it is known. */
	version = 0;
	finished = false;
	/** 1.2, once a handshake has ended: which one goes on. */
	handshakes: DtlsHandshakes | undefined = undefined;
	/** message_seq of our next message. */
	nextSequence = 0;
	/** The ClientHello is not in this transcript yet: how depends on the version. */
	waiting: Transcript | undefined = undefined;
	/** KeyUpdate: the keys that may be used when it is acknowledged (RFC 9147 8). */
	keys: DtlsProtection | undefined = undefined;
	/** Where the next part of a long message belongs. */
	partAt = 0;
	/** Ticks of the last pump. */
	now = 0;
	/** Whether the flow has asked for a message since the last pump, and there was none. */
	asked = false;
	/** Whether it has asked for room, and there was none: an ACK may bring it. */
	blocked = false;
}

/** A number of up to 48 bits. */
export function writeNumber(writer: Writer, value: number): void {
	writer.u16(Math.floor(value / 0x100000000));
	writer.u32(value % 0x100000000);
}

export function readNumber(reader: Reader): number {
	const high = reader.u16();
	return high * 0x100000000 + reader.u32();
}

export function copyNumber(to: SequenceNumber, from: SequenceNumber): void {
	to.high = from.high;
	to.low = from.low;
}

/** Whether records of this type are read here; all others are the engine's. */
export function isForMessages(type: number): boolean {
	return type === ack || type === handshake;
}
