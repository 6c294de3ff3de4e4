// What the component takes of its platform: the store on the SDK's preferences, the clocks, entropy. JOB: store, again (after
// a restart) or clocks.

import { ModdableClock } from "polltls/moddable/clock";
import { ModdableDevice } from "polltls/moddable/device";
import { nativeEntropy } from "polltls/moddable/entropy";
import { settings } from "polltls/moddable/settings";
import { DeviceStore } from "polltls/moddable/store";
import { end, parameter, print } from "test/sdk/support";
import Timer from "timer";

function check(what: string, holds: boolean): void {
	print(`${holds ? "ok" : "not ok"} - ${what}`);
}

/** Bytes that tell where they stand. */
function pattern(length: number): Uint8Array {
	const bytes = new Uint8Array(length);
	for (let i = 0; i < length; i++) bytes[i] = (i * 7 + (i >> 8)) & 255;
	return bytes;
}

function isPattern(bytes: Uint8Array | undefined, length: number): boolean {
	return bytes !== undefined && bytes.length === length && bytes.every((byte, i) => byte === ((i * 7 + (i >> 8)) & 255));
}

const { pieceSize } = settings;
const lengths = [0, 1, pieceSize - 1, pieceSize, pieceSize + 1, 3 * pieceSize, 5000];

function store(): void {
	const values = new DeviceStore("polltls-test");
	const other = new DeviceStore("polltls-other");
	for (const length of lengths) values.set(`v${length}`, pattern(length));
	check(
		"values of all lengths",
		lengths.every((length) => isPattern(values.get(`v${length}`), length)),
	);
	check("a name that nobody has", values.get("nobody") === undefined);
	check("another domain", other.get("v1") === undefined);
	values.set("long", pattern(5000));
	values.set("long", pattern(10));
	check("a shorter value in place of a longer one", isPattern(values.get("long"), 10));
	values.delete("long");
	values.delete("long");
	check("deleted", values.get("long") === undefined);
	const mine = values.get("v1") ?? new Uint8Array(1);
	mine[0] = 99;
	check("the array is the caller's", isPattern(values.get("v1"), 1));
	end(0);
}

function again(): void {
	const values = new DeviceStore("polltls-test");
	check(
		"values outlive a restart",
		lengths.every((length) => isPattern(values.get(`v${length}`), length)),
	);
	check("what was deleted stays away", values.get("long") === undefined);
	end(0);
}

function clocks(): void {
	const rtc: { time: number | undefined } = { time: undefined };
	const device = new ModdableDevice({ store: new DeviceStore("polltls-test"), rtc });
	check("a clock that isn't set", device.clock.seconds() === -1);
	rtc.time = Date.UTC(2000, 0, 1);
	check("a clock that counts from its battery's last change", device.clock.seconds() === -1);
	rtc.time = Date.UTC(2026, 10, 21, 12, 0, 0) + 999;
	check("a clock that is set", device.clock.seconds() === Date.UTC(2026, 10, 21, 12) / 1000);
	const system = new ModdableClock();
	check("the system's time", Math.abs(system.seconds() - Date.now() / 1000) <= 1);
	const one = new Uint8Array(32);
	const two = new Uint8Array(32);
	nativeEntropy.fill(one, 0, 32);
	nativeEntropy.fill(two, 0, 16);
	check(
		"entropy fills the place and no more",
		one.some((byte) => byte !== 0) && two.subarray(16).every((byte) => byte === 0) && one.some((byte, i) => byte !== two[i]),
	);
	const start = system.ticks();
	Timer.set(() => {
		const passed = system.ticks() - start;
		check(`ticks: ${passed} of 100 ms`, passed >= 95 && passed < 2000);
		end(0);
	}, 100);
}

const jobs: Record<string, () => void> = { store, again, clocks };

export default function () {
	try {
		jobs[parameter("JOB")]();
	} catch (error) {
		print(`failed: ${error}`);
		end(1);
	}
}
