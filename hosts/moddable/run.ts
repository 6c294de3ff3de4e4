// Runs a portable program (os/os) in Moddable's event loop.

import config from "mc/config";
import type { Program } from "polltls/os/os";
import type { ModdableDevice } from "./device.js";
import { Turns } from "./turns.js";

/** Milliseconds of work between two turns of the event loop, where the manifest's config doesn't say it. */
const SLICE = 3;

/** Starts a program: polls it at each event of its device's sockets and at the ticks that it asks for. */
export function runProgram(device: ModdableDevice, program: Program): void {
	const { clock } = device;
	const turn = new Turns(config.polltls?.slice ?? SLICE).add(() => {
		const wakeAt = program.poll();
		return wakeAt === 0 ? 0 : wakeAt - clock.ticks();
	});
	device.onChanged = () => turn.run();
	turn.wake();
}
