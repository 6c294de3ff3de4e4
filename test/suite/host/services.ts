// What a host gives besides its network: clocks, entropy, store, log, memory, locks, timers. For the host suite.

import { LOG_DEBUG, LOG_ERROR } from "polltls/os/os";
import type { Check, Checks, HostUnderTest } from "../host-suite.js";
import { bytesFrom, equal, same, sleep, until } from "./steps.js";

/** 2020-01-01: who believes in an earlier moment must say that it doesn't know. */
const PAST = 1577836800;

export function serviceChecks({ createTimer, createLock, memory }: HostUnderTest): Checks {
	return {
		...always,
		"timer: rings once, when it is due, and not when it was stopped": createTimer ? timer : "the host has no timer",
		"lock: one at a time, and two locks are two": createLock ? lock : "the host has no threads",
		"memory: zeros, no more than there is, and what was released again": memory ? reserve : "the host gives the heap",
	};
}

const always: Readonly<Record<string, Check>> = {
	*"clock: ticks never go back, and go on"({ device: { clock } }) {
		const first = clock.ticks();
		let last = first;
		for (let i = 0; i < 1000; i++) {
			const now = clock.ticks();
			if (!(now >= last)) throw new Error(`${now} after ${last}`);
			last = now;
		}
		while (clock.ticks() < first + 20) yield first + 20;
	},

	*"clock: poll is called at the time that it asked for"(host) {
		const { clock } = host.device;
		const begun = clock.ticks();
		yield* sleep(host, 100);
		const late = clock.ticks() - begun - 100;
		if (late > 1000) throw new Error(`${late} ms late`);
	},

	*"clock: seconds since 1970, or -1"(host) {
		const { clock } = host.device;
		const first = clock.seconds();
		if (first === -1) return;
		if (!(first > PAST)) throw new Error(`${first}: a device that doesn't know the time says -1`);
		yield* sleep(host, 1100);
		const passed = clock.seconds() - first;
		if (!(passed >= 0 && passed <= 30)) throw new Error(`${passed} seconds in 1.1`);
	},

	*"entropy: fills its place, and never twice the same"({ device: { entropy } }) {
		const bytes = new Uint8Array(64);
		entropy.fill(bytes, 16, 48);
		for (let i = 0; i < 16; i++) equal(bytes[i] | bytes[48 + i], 0, "outside of its place");
		const other = new Uint8Array(64);
		entropy.fill(other, 16, 48);
		if (bytes.join() === other.join()) throw new Error("twice the same");
		entropy.fill(bytes, 5, 5);
		yield 0;
	},

	*"entropy: as many ones as zeros"({ device: { entropy } }) {
		const bytes = new Uint8Array(4096);
		entropy.fill(bytes, 0, bytes.length);
		let ones = 0;
		for (const byte of bytes) for (let bit = 0; bit < 8; bit++) ones += (byte >> bit) & 1;
		if (Math.abs(ones - 16384) > 720) throw new Error(`${ones} of 32768`); // eight sigma
		yield 0;
	},

	*"store: values, copies, nothing"({ device: { store } }) {
		const name = "host-suite-value";
		store.delete(name);
		equal(store.get(name), undefined, "deleted");
		const value = bytesFrom(700, 1);
		store.set(name, value);
		value.fill(0);
		same(store.get(name) ?? new Uint8Array(0), bytesFrom(700, 1), "what was set");
		store.get(name)?.fill(0);
		same(store.get(name) ?? new Uint8Array(0), bytesFrom(700, 1), "what get gave is the caller's");
		store.set(name, Uint8Array.of(7));
		same(store.get(name) ?? new Uint8Array(0), Uint8Array.of(7), "set again");
		store.delete(name);
		equal(store.get(name), undefined, "deleted again");
		yield 0;
	},

	*"log: every level"({ device: { log } }) {
		for (let level = LOG_ERROR; level <= LOG_DEBUG; level++) log(level, `host suite, level ${level}`);
		yield 0;
	},
};

const timer: Check = function* (host) {
	const { device, createTimer } = host;
	const { clock } = device;
	const rung: number[] = [];
	const alarm = createTimer?.(() => void rung.push(clock.ticks()));
	if (alarm === undefined) return;
	const due = clock.ticks() + 60;
	alarm.start(clock.ticks() + 5000);
	alarm.start(due); // in place of the other
	yield* until(
		host,
		"it rings",
		() => rung.length > 0,
		() => clock.ticks() + 10,
	);
	if (rung[0] < due - 1) throw new Error(`${due - rung[0]} ms early`);
	yield* sleep(host, 100);
	equal(rung.length, 1, "how often it rang");
	alarm.start(clock.ticks() - 10);
	equal(rung.length, 1, "start calls nobody back");
	yield* until(
		host,
		"a moment that has passed",
		() => rung.length > 1,
		() => clock.ticks() + 10,
	);
	alarm.start(clock.ticks() + 20);
	alarm.stop();
	yield* sleep(host, 100);
	equal(rung.length, 2, "it was stopped");
};

const lock: Check = function* ({ createLock }) {
	const one = createLock?.();
	const other = createLock?.();
	if (one === undefined || other === undefined) return;
	for (let round = 0; round < 2; round++) {
		equal(one.enter(), true, "free");
		equal(one.enter(), false, "somebody is in");
		equal(other.enter(), true, "another lock");
		other.leave();
		equal(one.enter(), false, "still");
		one.leave();
	}
	yield 0;
};

const reserve: Check = function* ({ memory }) {
	if (memory === undefined) return;
	const block = memory.reserve(1000);
	if (block === undefined) throw new Error("not even 1000 bytes");
	equal(block.length, 1000, "length");
	equal(
		block.every((byte) => byte === 0),
		true,
		"zeros",
	);
	block.fill(1);
	memory.release(block);
	const again = memory.reserve(1000);
	if (again === undefined) throw new Error("what was released is lost");
	equal(
		again.every((byte) => byte === 0),
		true,
		"zeros again",
	);
	memory.release(again);
	equal(memory.reserve(2 ** 40), undefined, "a terabyte");
	yield 0;
};
