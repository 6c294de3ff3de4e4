// What is kept of a connection so that a later one can resume it, in both versions and roles, and its form as bytes:
// for flash, for files, and inside the tickets of our servers. For handshake/* and engine/connection.

import { copyOf, NO_BYTES } from "../base/bytes.js";
import { Reader } from "../base/reader.js";
import { textAt } from "../base/text.js";
import { Writer } from "../base/writer.js";

/** A session. It holds a secret: who keeps it keeps it safe, and wipes it. */
export interface Session {
	/** Version on the wire. */
	readonly version: number;
	/** CipherSuite number. */
	readonly suite: number;
	/** 1.3: the PSK of the ticket (RFC 8446 4.6.1). 1.2: the master secret, 48 bytes. */
	readonly secret: Uint8Array;
	/** Client: what the server gave, to be sent back as it is; empty if it gave none. */
	readonly ticket: Uint8Array;
	/** 1.2: the session id; empty with a ticket. */
	readonly sessionId: Uint8Array;
	/** Seconds that it may be used, and when it was given: seconds since 1970, -1 if the device didn't know the time. */
	readonly lifetime: number;
	readonly givenAt: number;
	/** 1.3 (RFC 8446 4.2.11.1). */
	readonly ageAdd: number;
	/** The most early data the server takes, in bytes; 0: none. */
	readonly maximumEarlyData: number;
	/** 1.2: the master secret is an extended one (RFC 7627). */
	readonly extendedMasterSecret: boolean;
	/** Server: the client proved itself with a certificate. */
	readonly peerAuthenticated: boolean;
	/** Client: the name or address that the server proved; server: the name that the client asked for. */
	readonly peerName: string;
	readonly alpn: string;
}

/** The first byte of the form as bytes. */
const FORMAT = 1;
const FLAG_EXTENDED_MASTER_SECRET = 1;
const FLAG_PEER_AUTHENTICATED = 2;
/** Everything but the secret, the ticket, the id and the names. */
const HEAD = 32;

/** How many bytes encodeSession writes. */
export function sessionLength(session: Session): number {
	const { secret, ticket, sessionId, peerName, alpn } = session;
	return HEAD + secret.length + ticket.length + sessionId.length + peerName.length + alpn.length;
}

/** Writes a session as sessionLength bytes. */
export function encodeSession(writer: Writer, session: Session): void {
	const givenAt = session.givenAt < 0 ? 0 : session.givenAt;
	writer.u8(FORMAT);
	writer.u16(session.version);
	writer.u16(session.suite);
	writer.u8((session.extendedMasterSecret ? FLAG_EXTENDED_MASTER_SECRET : 0) | (session.peerAuthenticated ? FLAG_PEER_AUTHENTICATED : 0));
	writer.u32(session.lifetime);
	writer.u16(Math.floor(givenAt / 0x100000000));
	writer.u32(givenAt);
	writer.u32(session.ageAdd);
	writer.u32(session.maximumEarlyData);
	writer.u8(session.secret.length);
	writer.copy(session.secret, 0, session.secret.length);
	writer.u16(session.ticket.length);
	writer.copy(session.ticket, 0, session.ticket.length);
	writer.u8(session.sessionId.length);
	writer.copy(session.sessionId, 0, session.sessionId.length);
	encodeText(writer, session.peerName);
	encodeText(writer, session.alpn);
	writer.u16(0);
}

/** Reads a session that encodeSession wrote at the reader's whole place, in arrays of its own; undefined if it is none. */
export function decodeSession(reader: Reader): Session | undefined {
	if (reader.u8() !== FORMAT) return undefined;
	const version = reader.u16();
	const suite = reader.u16();
	const flags = reader.u8();
	const lifetime = reader.u32();
	const givenAt = reader.u16() * 0x100000000 + reader.u32();
	const session = {
		version,
		suite,
		extendedMasterSecret: (flags & FLAG_EXTENDED_MASTER_SECRET) !== 0,
		peerAuthenticated: (flags & FLAG_PEER_AUTHENTICATED) !== 0,
		lifetime,
		givenAt: givenAt === 0 ? -1 : givenAt,
		ageAdd: reader.u32(),
		maximumEarlyData: reader.u32(),
		secret: takeBytes(reader, reader.u8()),
		ticket: takeBytes(reader, reader.u16()),
		sessionId: takeBytes(reader, reader.u8()),
		peerName: takeText(reader),
		alpn: takeText(reader),
	};
	return reader.u16() === 0 && reader.finished() ? session : undefined;
}

/** A session as bytes of its own, for a Store or a file; a secret. */
export function sessionToBytes(session: Session): Uint8Array {
	const bytes = new Uint8Array(sessionLength(session));
	const writer = new Writer();
	writer.reset(bytes, 0, bytes.length);
	encodeSession(writer, session);
	return bytes;
}

/** The session in bytes that sessionToBytes made, or undefined if they are none. */
export function sessionFromBytes(bytes: Uint8Array): Session | undefined {
	const reader = new Reader();
	reader.reset(bytes, 0, bytes.length);
	return decodeSession(reader);
}

/** Seconds since the session was given; 0 where the device doesn't know the time, now or then. */
export function sessionAge(session: Session, seconds: number): number {
	return seconds < 0 || session.givenAt < 0 ? 0 : seconds - session.givenAt;
}

/** Whether it may still be used. */
export function sessionFresh(session: Session, seconds: number): boolean {
	const age = sessionAge(session, seconds);
	return age >= 0 && age < session.lifetime;
}

function encodeText(writer: Writer, text: string): void {
	writer.u8(text.length);
	writer.text(text);
}

function takeBytes(reader: Reader, length: number): Uint8Array {
	const at = reader.take(length);
	return reader.failed || length === 0 ? NO_BYTES : copyOf(reader.bytes, at, at + length);
}

function takeText(reader: Reader): string {
	const at = reader.take(reader.u8());
	return reader.failed ? "" : textAt(reader.bytes, at, reader.at);
}
