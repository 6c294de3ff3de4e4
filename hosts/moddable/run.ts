// Runs a portable program (os/os) in Moddable's event loop.

import config from "mc/config";
import type { Program } from "polltls/os/os";
import type { ModdableDevice } from "./device.js";
import { Slices } from "./slices.js";

/** Milliseconds of work between two turns of the event loop, where the manifest's config doesn't say it. */
const SLICE = 5;

/** Starts a program: polls it at each event of its device's sockets and at the ticks that it asks for. */
export function runProgram(device: ModdableDevice, program: Program): void {
	const { clock } = device;
	const slices = new Slices(() => {
		const wakeAt = program.poll();
		return wakeAt === 0 ? 0 : wakeAt - clock.ticks();
	}, config.polltls?.slice ?? SLICE);
	device.onChanged = () => slices.run();
	slices.wake();
}
