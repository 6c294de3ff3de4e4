// What a manifest's config says about this host, in the image from its build on:
//
//     "config": { "polltlsSockets": { "slice": 3, "profile": "iot", "connections": 4, "sessions": 4, "dns": ["192.0.2.1"] } }
//
// The stack of io/module has its own: configuration.ts.

import config from "mc/config";
import type { BufferSizes } from "polltls/engine/buffers";

export interface Settings {
	/** Milliseconds of work between two turns of the event loop. */
	readonly slice: number;
	/** Buffers of the TLS sockets: "web" (16 KB records), "iot" (2 KB) or sizes (engine/buffers); options.tls.profile comes first. */
	readonly profile: "web" | "iot" | BufferSizes;
	/** The same for DTLS; "iot" if it isn't given. */
	readonly datagramProfile: "web" | "iot" | BufferSizes;
	/** Connections of a listener at once; its options.maxConnections comes first. */
	readonly connections: number;
	/** Servers of which a session is kept to resume. */
	readonly sessions: number;
	/** Addresses of name servers, for device.network. */
	readonly dns: readonly string[];
	/** Bytes in one preference of store.ts. */
	readonly pieceSize: number;
}

const given = (config as { polltlsSockets?: Partial<Settings> }).polltlsSockets;

export const settings: Settings = Object.freeze({
	slice: given?.slice ?? 3,
	profile: given?.profile ?? "web",
	datagramProfile: given?.datagramProfile ?? "iot",
	connections: given?.connections ?? 4,
	sessions: given?.sessions ?? 4,
	dns: Object.freeze(given?.dns ?? ["1.1.1.1"]),
	pieceSize: given?.pieceSize ?? 1000,
});
