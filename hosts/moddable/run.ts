// Runs a portable program (os/os) in Moddable's event loop.

import type { Program } from "polltls/os/os";
import type { ModdableDevice } from "./device.js";
import { settings } from "./settings.js";
import { Turns } from "./turns.js";

/** Starts a program: polls it at each event of its device's sockets and at the ticks that it asks for. */
export function runProgram(device: ModdableDevice, program: Program): void {
	const turn = new Turns(settings.slice, device.clock).add(() => program.poll());
	device.onChanged = () => turn.run();
	turn.wake();
}
