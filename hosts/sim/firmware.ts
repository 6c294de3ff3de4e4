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
