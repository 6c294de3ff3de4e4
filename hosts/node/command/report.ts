// The line that --json prints when a connection ends, and the line for people when it failed.

import { createHash, X509Certificate } from "node:crypto";
import { alertName, failureName } from "polltls/base/failure-text";
import type { ConnectionReport } from "polltls/engine/report";
import { nameText } from "polltls/pki/name-text";
import * as verifyBits from "polltls/pki/verify-result";
import { certificate_type_raw_public_key } from "polltls/wire/registry";
import { groupName, schemeName, suiteName } from "polltls/wire/registry-text";
import { versionName } from "../versions.js";

const NO_ALERT = 255;

/** What only the host knows of a connection. */
export interface HostReport {
	longestPollMs: number;
	peerCertificate: Uint8Array | undefined;
	/** Only in the simulator. */
	heap?: { slots: number; chunks: number; peakBytes: number };
	compute?: number;
}

/** The object behind --json; the keys are those of the interface. */
export function jsonReport(report: ConnectionReport, host: HostReport): Record<string, unknown> {
	const { heap, compute } = host;
	return {
		version: versionName(report.version),
		suite: report.suite === 0 ? "" : suiteName(report.suite),
		group: groupName(report.group),
		signatureAlgorithm: schemeName(report.signatureAlgorithm),
		resumed: report.resumed,
		earlyData: report.earlyData,
		pskIdentity: report.pskIdentity === undefined ? "" : Buffer.from(report.pskIdentity).toString(),
		helloRetry: report.helloRetry,
		alpn: report.alpn,
		serverName: report.serverName,
		peer: peerOf(host.peerCertificate),
		certificateTypes: { own: certificateTypeName(report.certificateType), peer: certificateTypeName(report.peerCertificateType) },
		verifyResult: verifyResult(report.verifyResult),
		recordSizeLimit: report.recordSizeLimit,
		maxFragment: report.maxFragmentLength,
		extendedMasterSecret: report.extendedMasterSecret,
		encryptThenMac: report.encryptThenMac,
		serverTime: report.serverTime,
		renegotiations: report.renegotiations,
		heartbeats: report.heartbeats,
		polls: report.polls,
		waits: report.waits,
		longestPollMs: round(host.longestPollMs),
		handshakeMs: round(report.handshakeMs),
		bytesIn: report.bytesIn,
		bytesOut: report.bytesOut,
		recordsIn: report.recordsIn,
		recordsOut: report.recordsOut,
		retransmissions: report.retransmissions,
		dropped: report.dropped,
		cid: { local: hex(report.localId), peer: hex(report.peerId) },
		failure: failureOf(report),
		...(heap && { heap }),
		...(compute !== undefined && { compute }),
	};
}

/** "FAILURE_NAME (alert, state, detail)". */
export function failureLine(report: ConnectionReport): string {
	const failure = failureOf(report);
	if (failure === null) return "NO_FAILURE";
	const details = [failure.alert === "" ? "no alert" : `${failure.alert} ${failure.sent ? "sent" : "received"}`, failure.state];
	if (report.bytesNeeded > 0) details.push(`${report.bytesNeeded} bytes needed`);
	if (failure.subject !== "") details.push(`${report.certificate < 0 ? "trust store" : `certificate ${report.certificate}`} ${failure.subject}`);
	return `${failure.name} (${details.join(", ")})`;
}

function failureOf(report: ConnectionReport) {
	if (report.failure === 0) return null;
	const sent = report.alertReceived === NO_ALERT;
	const alert = sent ? report.alertSent : report.alertReceived;
	return {
		name: failureName(report.failure),
		alert: alert === NO_ALERT ? "" : alertName(alert),
		sent: sent && alert !== NO_ALERT,
		state: report.state,
		certificate: report.certificate,
		subject: subjectText(report.certificateSubject),
	};
}

/** Whom a failure is about, "" if nobody. */
function subjectText(name: Uint8Array): string {
	return name.length === 0 ? "" : nameText(name, 0, name.length);
}

/** As RFC 7250 spells it. */
function certificateTypeName(type: number): string {
	return type === certificate_type_raw_public_key ? "RawPublicKey" : "X509";
}

function peerOf(der: Uint8Array | undefined) {
	if (der === undefined) return null;
	const sha256 = createHash("sha256").update(der).digest("hex");
	try {
		return { subject: new X509Certificate(der).subject.replaceAll("\n", ", "), sha256 };
	} catch {
		return { subject: "", sha256 };
	}
}

/** The first reason and all that hold; "ok" and none if all was well. */
function verifyResult(bits: number) {
	const all = Object.entries(verifyBits)
		.filter(([name, bit]) => name.startsWith("VERIFY_") && typeof bit === "number" && bits & bit)
		.map(([name]) => name.slice(7).toLowerCase());
	return { reason: all[0] ?? "ok", all, bits };
}

/** null: there is none. */
function hex(bytes: Uint8Array | undefined): string | null {
	return bytes === undefined ? null : Buffer.from(bytes).toString("hex");
}

function round(ms: number): number {
	return Math.round(ms * 1000) / 1000;
}
