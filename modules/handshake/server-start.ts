// The server until the version is known (RFC 8446 4.1.2, RFC 5246 7.4.1.2): it reads the ClientHello just far enough
// to hand over.
//
//        ClientHello            -------->

import {
	CLIENT_VERSION_TOO_OLD,
	CLIENT_VERSIONS_MALFORMED,
	FALLBACK_INAPPROPRIATE,
	LEGACY_VERSION_WRONG,
	NO_COMMON_VERSION,
	NO_FAILURE,
} from "../base/failure.js";
import { chooseVersion } from "../wire/extensions/supported-versions.js";
import { SUPPORTED_VERSIONS } from "../wire/extensions/table.js";
import { includesNumber16 } from "../wire/numbers.js";
import { client_hello, TLS_FALLBACK_SCSV } from "../wire/registry.js";
import { type Flow, handOver } from "./flow.js";
import { awaitMessage, fail, type Handshake, readBody, STANDS } from "./handshake.js";
import { startTranscript } from "./whole-transcript.js";

const READ_CLIENT_HELLO = 0;

export const serverStart: Flow = Object.freeze({
	steps: Object.freeze([readClientHello]),
	first: READ_CLIENT_HELLO,
	atOnce: 0,
});

/** RFC 8446 4.1.2, 4.2.1: looks for the version and hands over to its flow, which reads the message again. */
function readClientHello(hs: Handshake): number {
	const { settings, hello } = hs;
	const { client } = hello;
	const { versions, variant } = settings;
	const wait = awaitMessage(hs, client_hello);
	if (wait !== STANDS) return wait;
	const reader = readBody(hs);
	const failure = client.decode(reader, variant.helloCookie);
	if (failure !== NO_FAILURE) return fail(hs, failure);
	let version = 0;
	if (client.extensions.has(SUPPORTED_VERSIONS)) {
		client.extensions.open(reader, SUPPORTED_VERSIONS);
		version = chooseVersion(reader, versions);
		if (version < 0) return fail(hs, CLIENT_VERSIONS_MALFORMED);
		if (version === 0) return fail(hs, NO_COMMON_VERSION);
		if (version === variant.version13 && client.legacyVersion !== variant.version12) return fail(hs, LEGACY_VERSION_WRONG);
	} else {
		// RFC 8446 D.2: an older client names the newest version that it knows
		version = variant.version12;
		if (!variant.reaches12(client.legacyVersion) || !versions.includes(version)) return fail(hs, CLIENT_VERSION_TOO_OLD);
	}
	if (version !== versions[0] && includesNumber16(hs.messages.memory, client.suitesAt, client.suitesEnd, TLS_FALLBACK_SCSV))
		return fail(hs, FALLBACK_INAPPROPRIATE);
	hs.negotiated.version = version;
	hs.messages.agree(version);
	startTranscript(hs);
	const flow = version === variant.version13 ? settings.flow13 : settings.flow12;
	if (flow === undefined) throw new Error("a version is offered that has no flow");
	return handOver(hs, flow, flow.first);
}
