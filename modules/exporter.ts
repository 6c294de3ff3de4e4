// Exporters (RFC 5705, RFC 8446 7.5): keys for other protocols that are bound to a connection. For applications.

import { OPERATING } from "./base/status.js";
import { bytesOfText } from "./base/text.js";
import type { Connection } from "./engine/connection.js";

/**
 * A secret of length bytes that both ends of an open connection derive alike and nobody else can; undefined while it isn't
 * open, and in 1.2 if its master secret isn't bound to its handshake (RFC 7627 5.4). The label is ASCII; without a context
 * the two ends must both give none (1.2 tells none from an empty one).
 *
 *     const key = exportSecret(connection, "EXPORTER-my-protocol", undefined, 32);
 */
export function exportSecret(connection: Connection, label: string, context: Uint8Array | undefined, length: number): Uint8Array | undefined {
	const { context: hs, negotiated } = connection;
	const { settings, state12, schedule } = hs;
	if (connection.state !== OPERATING) return undefined;
	const out = new Uint8Array(length);
	const labelBytes = bytesOfText(label);
	if (negotiated.version === settings.variant.version13) {
		const hash = settings.registry.hash(negotiated.suite?.hash ?? 0)?.create();
		if (hash === undefined) return undefined;
		const contextHash = new Uint8Array(schedule.hashLength);
		if (context !== undefined) hash.update(context, 0, context.length);
		hash.digest(contextHash, 0);
		schedule.exporter(labelBytes, contextHash, out, 0, length);
		return out;
	}
	if (state12?.secrets === undefined || !negotiated.extendedMasterSecret) return undefined;
	state12.secrets.exporter(labelBytes, context, out);
	return out;
}
