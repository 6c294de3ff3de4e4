// Where the transcript of a handshake begins, and whether it keeps the messages themselves: in 1.2 an Ed25519 key of a
// client signs all of them and not their hash (RFC 8422 5.1.3, RFC 8032). For the trunks and for after12.

import { KEY_ED25519 } from "../crypto/types.js";
import { ed25519 } from "../wire/registry.js";
import type { Handshake } from "./handshake.js";
import { CLIENT_CERTIFICATE_NONE, type Settings } from "./settings.js";

/** Forgets all messages and begins, with every hash that it may come to. */
export function startTranscript({ transcript, settings }: Handshake): void {
	transcript.start(settings.registry.hashes);
	if (maySignMessages(settings)) transcript.keep();
}

/** Whether a CertificateVerify of 1.2 may be one of Ed25519. */
function maySignMessages({ isServer, flow12, schemes, clientCertificate, credentials }: Settings): boolean {
	if (flow12 === undefined || !schemes.includes(ed25519)) return false;
	if (isServer) return clientCertificate !== CLIENT_CERTIFICATE_NONE;
	for (const { key } of credentials) if (key.type === KEY_ED25519) return true;
	return false;
}
