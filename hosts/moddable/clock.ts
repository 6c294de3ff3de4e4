// The clocks of a device, for Moddable.

import type { Clock } from "polltls/os/os";
import Time from "time";

/** Devices start in 1970: a date before this one (2024-01-01) means that nobody has set the clock. */
const SET = 1704067200;

/** A real-time clock as ECMA-419 has it (embedded:RTC): milliseconds since 1970, undefined while it isn't set. */
export interface RealTimeClock {
	readonly time: number | undefined;
}

/**
 * The engine's ticks and the system's time, or that of a real-time clock.
 *
 *     const clock = new ModdableClock();                     // the time that SNTP or Time.set gave
 *     const clock = new ModdableClock(new device.peripheral.RTC(...));
 */
export class ModdableClock implements Clock {
	/** Instead of the system's time; it may be given later. */
	rtc: RealTimeClock | undefined;
	#last = Time.ticks;
	#total = 0;

	constructor(rtc?: RealTimeClock) {
		this.rtc = rtc;
	}

	/** The engine's ticks are numbers of 32 bits that wrap around, and on desktops they follow the system's clock. */
	ticks(): number {
		const now = Time.ticks;
		const passed = (now - this.#last) | 0;
		this.#last = now;
		if (passed > 0) this.#total += passed;
		return this.#total;
	}

	seconds(): number {
		const { rtc } = this;
		const seconds = Math.floor((rtc === undefined ? Date.now() : (rtc.time ?? -1)) / 1000);
		return seconds < SET ? -1 : seconds;
	}
}
