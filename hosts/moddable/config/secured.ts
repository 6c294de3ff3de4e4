// Adds a client over TLS to device.network, as the SDK's own config modules do for its classes.

import TCP from "embedded:io/socket/tcp";
import TLSSocket from "embedded:io/socket/tcp/tls";
import UDP from "embedded:io/socket/udp";
import Resolver from "embedded:network/dns/resolver/udp";
import { settings } from "polltls/moddable/settings";

interface Device {
	network?: Record<string, unknown>;
}

/** The name of device.network's entry, and the client's class. */
export function secured(name: string, io: unknown): void {
	const all = globalThis as unknown as { device?: Device };
	const dns = { io: Resolver, servers: settings.dns, socket: { io: UDP } };
	const client = { io, dns, socket: { io: TLSSocket, TCP: { io: TCP } } };
	const deep = Object as unknown as { freeze(object: object, deep: boolean): object }; // the SDK's
	all.device = deep.freeze({ ...all.device, network: { ...all.device?.network, [name]: client } }, true) as Device;
}
