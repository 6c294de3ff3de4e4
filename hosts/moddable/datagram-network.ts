// UDP of a device as portable programs see it (os/os). Beside device.ts, for programs that use datagrams.

import UDP from "embedded:io/socket/udp";
import type { DatagramNetwork, DatagramTransport } from "polltls/os/os";
import type { ModdableDevice } from "./device.js";
import type { DatagramConstructor } from "./io-types.js";
import { UdpTransport } from "./udp-transport.js";

/**
 * The device's UDP ports.
 *
 *     runProgram(device, new CoapsDevice(device, new ModdableDatagrams(device), deviceRegistry(), board, options));
 */
export class ModdableDatagrams implements DatagramNetwork {
	readonly #device: ModdableDevice;

	constructor(device: ModdableDevice) {
		this.#device = device;
	}

	open(port: number): DatagramTransport {
		return new UdpTransport(UDP as unknown as DatagramConstructor, port, this.#device.changed);
	}
}
