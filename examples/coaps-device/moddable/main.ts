// The CoAP server as a Moddable app, on a device or in the SDK's simulator: the program of ../main.ts on Moddable's device.

import config from "mc/config";
import { ModdableDatagrams } from "polltls/moddable/datagram-network";
import { ModdableDevice } from "polltls/moddable/device";
import { deviceRegistry } from "polltls/moddable/registry";
import { runProgram } from "polltls/moddable/run";
import { DeviceStore } from "polltls/moddable/store";
import { LOG_INFO } from "polltls/os/os";
import { CoapsDevice } from "../main.js";

/** ASCII, as coap-client takes identity and key. */
const bytesOf = (text: string): Uint8Array => new Uint8Array(ArrayBuffer.fromString(text));

export default function () {
	const device = new ModdableDevice({ store: new DeviceStore("polltls"), logLevel: LOG_INFO });
	const board = {
		get temperature() {
			return 21 + (device.clock.ticks() % 20000) / 10000; // a sensor's, if the board has one
		},
		switchLed: (on: boolean) => device.log(LOG_INFO, on ? "LED on" : "LED off"),
	};
	const { port, pool, identity, key } = config;
	const psks = [{ identity: bytesOf(identity), key: bytesOf(key) }];
	runProgram(device, new CoapsDevice(device, new ModdableDatagrams(device), deviceRegistry(), board, { port, pool, psks }));
}
