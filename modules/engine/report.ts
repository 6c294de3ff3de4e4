// What a connection has to tell about itself, in numbers: for reports and for a state page. Made when it is asked for.

import type { Connection } from "./connection.js";

const NOTHING: object = Object.freeze({});

/** Numbers are those on the wire (wire/registry), 0 where there is none; failures are packed (base/failure). */
export interface ConnectionReport {
	version: number;
	suite: number;
	group: number;
	/** SignatureScheme of the server's proof. */
	signatureAlgorithm: number;
	resumed: boolean;
	/** 0-RTT data was taken, by the server or by us as one. */
	earlyData: boolean;
	/** The identity of the external PSK, undefined if there was none. */
	pskIdentity: Uint8Array | undefined;
	helloRetry: boolean;
	alpn: string;
	serverName: string;
	/** The peer's record_size_limit, 0 if it sent none. */
	recordSizeLimit: number;
	/** In bytes, 0 if it isn't used. */
	maxFragmentLength: number;
	/** 1.2. */
	extendedMasterSecret: boolean;
	encryptThenMac: boolean;
	/** Client, 1.2: seconds since 1970 as the server's random says; 0 without. Most servers say nothing true there. */
	serverTime: number;
	/** CertificateTypes (RFC 7250) that were agreed on: of what we show, if we do, and of what the peer does. */
	certificateType: number;
	peerCertificateType: number;
	/** VERIFY_... bits (pki/verify-result). */
	verifyResult: number;
	/** 1.2: later handshakes on the connection. */
	renegotiations: number;
	/** Heartbeats: requests sent and answered, requests of the peer, messages dropped. */
	heartbeats: { sent: number; answered: number; received: number; dropped: number };
	polls: number;
	waits: { input: number; output: number; work: number; timer: number };
	/** Milliseconds from the first poll to the end of the handshake; -1 before. */
	handshakeMs: number;
	bytesIn: number;
	bytesOut: number;
	recordsIn: number;
	recordsOut: number;
	/** How often a flight was sent again. */
	retransmissions: number;
	/** Records that were dropped as noise, by kind. */
	dropped: object;
	/** The connection ids that the peer's records and ours carry; undefined: none was agreed on. */
	localId: Uint8Array | undefined;
	peerId: Uint8Array | undefined;
	failure: number;
	/** Alert descriptions, 255 if there was none. */
	alertSent: number;
	alertReceived: number;
	/** The name of the state that the handshake is in. */
	state: string;
	/** The certificate that a failure is about: 0 the peer's own, -1 an anchor. */
	certificate: number;
	/** Its subject, a DER Name (pki/name-text makes a text of it); empty if there is none. */
	certificateSubject: Uint8Array;
	/** With MEM_ERR: the bytes that would have been needed. */
	bytesNeeded: number;
}

/** Reads it off a connection. */
export function reportConnection(connection: Connection): ConnectionReport {
	const { negotiated, counters, alerts, traffic, heartbeat } = connection;
	const handshakeMs = counters.establishedAt - counters.startedAt;
	return {
		version: negotiated.version,
		suite: negotiated.suite?.number ?? 0,
		group: negotiated.group,
		signatureAlgorithm: negotiated.scheme,
		resumed: negotiated.resumed,
		earlyData: connection.earlyDataAccepted,
		pskIdentity: negotiated.pskIdentity,
		helloRetry: negotiated.helloRetry,
		alpn: negotiated.alpn,
		serverName: negotiated.serverName,
		recordSizeLimit: negotiated.recordSizeLimit,
		maxFragmentLength: negotiated.maxFragmentLength,
		extendedMasterSecret: negotiated.extendedMasterSecret,
		encryptThenMac: negotiated.encryptThenMac,
		serverTime: negotiated.serverTime,
		certificateType: connection.context.auth.ownType,
		peerCertificateType: connection.context.auth.peerType,
		verifyResult: connection.verifyResult,
		renegotiations: connection.renegotiations,
		heartbeats: { sent: heartbeat?.sent ?? 0, answered: heartbeat?.answered ?? 0, received: heartbeat?.received ?? 0, dropped: heartbeat?.dropped ?? 0 },
		polls: counters.polls,
		waits: { input: counters.input, output: counters.output, work: counters.work, timer: counters.timer },
		handshakeMs: Number.isNaN(handshakeMs) ? -1 : handshakeMs,
		bytesIn: traffic.input.bytes,
		bytesOut: traffic.output.bytes,
		recordsIn: traffic.input.records,
		recordsOut: traffic.output.records,
		retransmissions: traffic.messages.retransmissions,
		dropped: traffic.input.dropped ?? NOTHING,
		localId: traffic.input.localId,
		peerId: traffic.output.peerId,
		failure: connection.failure,
		alertSent: alerts.sent,
		alertReceived: alerts.received,
		state: connection.stateName,
		certificate: connection.verdict.certificate,
		certificateSubject: connection.verdict.subject,
		bytesNeeded: connection.bytesNeeded,
	};
}
