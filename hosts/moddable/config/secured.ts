// Adds entries to device.network, as the SDK's own config modules do for its classes.

import UDP from "embedded:io/socket/udp";
import Resolver from "embedded:network/dns/resolver/udp";
import { settings } from "polltls/moddable/settings";

interface Device {
	network?: Record<string, unknown>;
}

/** An entry by its name; each has a resolver. */
export function addToNetwork(name: string, entry: object): void {
	const all = globalThis as unknown as { device?: Device };
	const dns = { io: Resolver, servers: settings.dns, socket: { io: UDP } };
	const deep = Object as unknown as { freeze(object: object, deep: boolean): object }; // the SDK's
	all.device = deep.freeze({ ...all.device, network: { ...all.device?.network, [name]: { dns, ...entry } } }, true) as Device;
}
