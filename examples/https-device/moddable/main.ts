// The web server as a Moddable app, on a device or in the SDK's simulator: the program of ../main.ts on Moddable's device.

import Instrumentation from "instrumentation";
import config from "mc/config";
import { ModdableDevice } from "polltls/moddable/device";
import { deviceRegistry } from "polltls/moddable/registry";
import { runProgram } from "polltls/moddable/run";
import { DeviceStore } from "polltls/moddable/store";
import { LOG_INFO } from "polltls/os/os";
import { type Board, HttpsDevice } from "../main.js";

const SLOT = Instrumentation.map("XS Slot Heap Used");
const CHUNK = Instrumentation.map("XS Chunk Heap Used");

/** Bytes in use, where the build counts them. */
function heapUsed(): number {
	return (Instrumentation.get(SLOT) ?? 0) + (Instrumentation.get(CHUNK) ?? 0);
}

export default function () {
	const device = new ModdableDevice({ store: new DeviceStore("polltls"), logLevel: LOG_INFO });
	let peak = 0;
	const board: Board = {
		switchLed: (on: boolean) => device.log(LOG_INFO, on ? "LED on" : "LED off"),
		get heapUsed() {
			const used = heapUsed();
			peak = Math.max(peak, used);
			return used;
		},
		get heapPeak() {
			return peak;
		},
		heapSize: config.heapSize ?? 0,
	};
	const { port, pool, names } = config;
	runProgram(device, new HttpsDevice(device, deviceRegistry(), board, { port, pool, names }));
}
