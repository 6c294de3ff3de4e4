// The report of `npm start`, as lines for people.

import { groupName, schemeName, suiteName } from "polltls/wire/registry-text";
import type { TlsStream } from "../node/tls-stream.js";
import { versionName } from "../node/versions.js";
import type { HttpReader } from "./http-reader.js";
import type { Usage } from "./limits.js";

/** What GET /state answers: examples/https-device/state.ts. */
export interface DeviceState {
	connection: { polls: number; waits: Waits; handshakeMs: number; bytesIn: number; bytesOut: number };
	polls: number;
	longestPollMs: number;
}

interface Waits {
	input: number;
	output: number;
	work: number;
	timer: number;
}

export interface StartReport {
	url: string;
	stream: TlsStream;
	page: HttpReader;
	pageMs: number;
	state: DeviceState;
	usage: Readonly<Usage>;
	/** Bytes. */
	heap: number;
	fingerprint: string;
}

const REASONS = ["input", "output", "work", "timer"] as const;

export function reportLines({ url, stream, page, pageMs, state, usage, heap, fingerprint }: StartReport): string[] {
	const client = stream.connection.report();
	const { connection } = state;
	const kb = (bytes: number): string => `${(bytes / 1024).toFixed(0)} KB`;
	const row = (name: string, value: string): string => `  ${name.padEnd(20)}${value}`;
	const two = (name: string, ours: string | number, theirs: string | number): string => row(name, `${String(ours).padStart(12)}${String(theirs).padStart(16)}`);
	return [
		row("GET /", `${page.status} ${page.reason}, ${page.length} bytes, ${pageMs.toFixed(0)} ms after connecting`),
		row("version", versionName(client.version)),
		row("suite", suiteName(client.suite)),
		row("group", groupName(client.group)),
		row("signature", schemeName(client.signatureAlgorithm)),
		row("certificate", "verified: it is the one that the device made"),
		row("  SHA-256", fingerprint),
		"",
		two("", "client", "device"),
		two("", "(Node)", "(XS)"),
		two("handshake, ms", client.handshakeMs.toFixed(1), connection.handshakeMs.toFixed(1)),
		two("polls", client.polls, connection.polls),
		...REASONS.map((reason) => two(`  waits for ${reason}`, client.waits[reason], connection.waits[reason])),
		two("longest poll, ms", stream.longestPollMs.toFixed(1), usage.longestMs.toFixed(1)),
		two("bytes in", client.bytesIn, connection.bytesIn),
		two("bytes out", client.bytesOut, connection.bytesOut),
		"",
		row(
			"device's heap",
			`${kb(usage.peakBytes)} at most, ${kb(usage.usedBytes)} now, of ${kb(heap)} (${usage.slots} slots of 16 bytes, ${kb(usage.chunks)} of chunks)`,
		),
		row(
			"device's work",
			`${usage.calls} calls, ${(usage.compute / 1e6).toFixed(1)} million units of compute, at most ${(usage.longestCompute / 1000).toFixed(0)} thousand in one call`,
		),
		row("serving at", url),
	];
}
