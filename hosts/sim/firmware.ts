// What runs on the simulated device for `npm start`: the program of examples/https-device, which knows nothing of this
// host, on this host's device. Sources, because they are bundled for XS.

import type { SimulatorOptions } from "./simulator.js";

/** The web server's configuration, as HttpsDeviceOptions has it. */
export interface WebServerConfig {
	port: number;
	pool: number;
	names: string[];
	/** Bytes, for the page. */
	heapSize: number;
}

/** The CoAP server's configuration: CoapsDeviceOptions with keys as hexadecimal. */
export interface CoapServerConfig {
	port: number;
	pool: number;
	identity: string;
	key: string;
	/** PEM: its certificate, with its key; and the authority of its clients' certificates, if they must have some. */
	certificate?: string;
	privateKey?: string;
	ca?: string;
}

/** The entry of a Simulator that runs the CoAP server of examples/coaps-device; its config is a CoapServerConfig. */
export const coapServer: SimulatorOptions["entry"] = Object.freeze({
	source: `
		import { CoapsDevice } from "./examples/coaps-device/main.js";
		import { runOnDevice } from "./hosts/sim/device.js";
		import { deviceRegistry } from "./hosts/sim/registry.js";
		import { credentialOf, trustOf } from "./hosts/pem-options.js";
		import type { CoapServerConfig } from "./hosts/sim/firmware.js";

		const bytesOf = (hex: string): Uint8Array => Uint8Array.from(hex.match(/../g) ?? [], (digits) => Number.parseInt(digits, 16));
		runOnDevice((device, value) => {
			const { port, pool, identity, key, certificate, privateKey, ca } = value as CoapServerConfig;
			const board = {
				get temperature() { return 21 + (device.clock.ticks() % 20000) / 10000; },
				switchLed: (on: boolean) => device.log(2, on ? "LED on" : "LED off"),
			};
			const psks = [{ identity: bytesOf(identity), key: bytesOf(key) }];
			const program = new CoapsDevice(device, device, deviceRegistry(), board, {
				port,
				pool,
				psks,
				credentials: certificate === undefined || privateKey === undefined ? [] : [credentialOf(certificate, privateKey)],
				trust: ca === undefined ? undefined : trustOf(ca),
			});
			return { poll: () => program.poll(), report: () => JSON.parse(program.state()) };
		});
	`,
});

/** The entry of a Simulator that runs the web server; its config is a WebServerConfig. */
export const webServer: SimulatorOptions["entry"] = Object.freeze({
	source: `
		import { HttpsDevice } from "./examples/https-device/main.js";
		import { runOnDevice } from "./hosts/sim/device.js";
		import { deviceRegistry } from "./hosts/sim/registry.js";
		import type { WebServerConfig } from "./hosts/sim/firmware.js";

		runOnDevice((device, value) => {
			const config = value as WebServerConfig;
			const board = {
				switchLed: (on: boolean) => device.log(2, on ? "LED on" : "LED off"),
				get heapUsed() { return device.heapUsed; },
				get heapPeak() { return device.heapPeak; },
				heapSize: config.heapSize,
			};
			const program = new HttpsDevice(device, deviceRegistry(), board, config);
			return { poll: () => program.poll(), report: () => JSON.parse(program.state()) };
		});
	`,
});
