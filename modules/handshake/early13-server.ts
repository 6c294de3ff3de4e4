// A server's decision about 0-RTT data (RFC 8446 4.2.10, 8): whether the ClientHello that stands may bring any.

import { OfferedPsks } from "../wire/extensions/pre-shared-key.js";
import { EARLY_DATA, PRE_SHARED_KEY } from "../wire/extensions/table.js";
import { EARLY_ACCEPTED } from "./early-data.js";
import type { Handshake } from "./handshake.js";
import { sessionAge } from "./session.js";

/** What is passed over of early data that a server doesn't take and gave no limit for, in bytes. */
const SKIPPED = 16384;

/** How many bytes of early data, as records, are passed over at most. */
export function earlyDataLimit({ settings }: Handshake): number {
	return SKIPPED + (settings.earlyData?.maximumBytes ?? 0) * 2;
}

/** Takes it if all of it fits: the first PSK, a session that allows it, the same suite and protocol, a flight not seen before. */
export function judgeEarlyData(hs: Handshake): void {
	const { settings, hello, negotiated, messages, reader } = hs;
	const { earlyData } = settings;
	const psk = hello.psk.chosen;
	const session = psk?.session;
	if (earlyData === undefined || !hello.client.extensions.has(EARLY_DATA) || !settings.variant.endOfEarlyData) return;
	if (psk === undefined || session === undefined || hello.psk.index !== 0 || session.maximumEarlyData === 0) return;
	if (session.suite !== negotiated.suite?.number || session.alpn !== negotiated.alpn) return;
	const offered = new OfferedPsks();
	hello.client.extensions.open(reader, PRE_SHARED_KEY);
	offered.begin(reader);
	offered.next(messages.memory);
	const toldAge = (psk.obfuscatedTicketAge - session.ageAdd) >>> 0;
	const ourAge = sessionAge(session, settings.clock.seconds()) * 1000;
	if (!earlyData.admit(messages.memory, offered.binderAt, toldAge, ourAge, settings.clock.ticks())) return;
	negotiated.early.state = EARLY_ACCEPTED;
	negotiated.early.left = earlyData.maximumBytes;
}
