// Options of connections over datagrams, beside those of every connection. For the entry points of DTLS.

import type { ConnectionOptions } from "./engine/config.js";

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
	/**
	 * Whether a peer that seems to have moved is asked at its old address first (RFC 9853 5.2), which keeps somebody who repeats its
	 * datagrams from elsewhere from drawing ours to there; but one that can't be reached there any more waits for a second. By default it isn't.
	 */
	readonly askOldAddress?: boolean;
}

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
