// Seeded chance and mutations for test/fuzz. A run is named "seed:number"; POLLTLS_SEED=seed repeats all runs of a test,
// POLLTLS_SEED=seed:number only that one, POLLTLS_FUZZ_SECONDS makes every test longer or shorter.

import { createHash, randomBytes } from "node:crypto";
import type { TestContext } from "node:test";

/** Numbers that are always the same for the same seed (sfc32). */
export class Dice {
	#a: number;
	#b: number;
	#c: number;
	#count = 1;

	constructor(seed: string) {
		const digest = createHash("sha256").update(seed).digest();
		[this.#a, this.#b, this.#c] = [digest.readInt32LE(0), digest.readInt32LE(4), digest.readInt32LE(8)];
		for (let i = 0; i < 12; i++) this.roll(2);
	}

	/** 0 to below - 1. */
	roll(below: number): number {
		const sum = (this.#a + this.#b + this.#count++) | 0;
		this.#a = this.#b ^ (this.#b >>> 9);
		this.#b = (this.#c + (this.#c << 3)) | 0;
		this.#c = ((this.#c << 21) | (this.#c >>> 11)) + sum;
		return (sum >>> 0) % below;
	}
	/** True once in so many times. */
	once(times: number): boolean {
		return this.roll(times) === 0;
	}
	pick<T>(values: readonly T[]): T {
		return values[this.roll(values.length)];
	}
	bytes(length: number): Uint8Array {
		return Uint8Array.from({ length }, () => this.roll(256));
	}
}

const telling = [0, 1, 2, 3, 4, 0x7f, 0x80, 0xfe, 0xff];

function join(...parts: Uint8Array[]): Uint8Array {
	return new Uint8Array(Buffer.concat(parts));
}

/** Changes some bytes: flips, telling values, cuts, repetitions, what others had at some place, lengths that are a little off. */
export function mutate(dice: Dice, bytes: Uint8Array, others: readonly Uint8Array[]): Uint8Array {
	let changed: Uint8Array = bytes.slice();
	for (let times = 1 + dice.roll(dice.once(4) ? 6 : 2); times > 0; times--) {
		const at = dice.roll(changed.length + 1);
		const length = Math.min(dice.roll(dice.once(5) ? 64 : 5), changed.length - at);
		switch (dice.roll(9)) {
			case 0:
				if (at < changed.length) changed[at] ^= 1 << dice.roll(8);
				break;
			case 1:
				if (at < changed.length) changed[at] = dice.pick(telling);
				break;
			case 2:
				if (at < changed.length) changed[at] += dice.once(2) ? 1 : 255;
				break;
			case 3:
				changed = changed.slice(0, at);
				break;
			case 4:
				changed = join(changed.subarray(0, at), changed.subarray(at + length));
				break;
			case 5:
				changed = join(changed.subarray(0, at), dice.bytes(length), changed.subarray(at));
				break;
			case 6:
				changed = join(changed.subarray(0, at + length), changed.subarray(at));
				break;
			case 7: {
				const other = dice.pick(others);
				const from = dice.roll(other.length + 1);
				const taken = other.subarray(from, from + dice.roll(40));
				changed = join(changed.subarray(0, at), taken, changed.subarray(at + (dice.once(2) ? taken.length : 0)));
				break;
			}
			default:
				// two bytes that may be a length
				if (at + 1 < changed.length) {
					const value = ((changed[at] << 8) | changed[at + 1]) + dice.pick([-2, -1, 1, 2, 256, -256, 0x4000]);
					changed[at] = value >> 8;
					changed[at + 1] = value;
				}
		}
		if (changed.length > 20000) changed = changed.slice(0, 20000);
	}
	return changed;
}

/** Runs until the time is over; what a run throws is told with the run's name. Answers how many there were. */
export function fuzz(t: TestContext, seconds: number, run: (dice: Dice) => void): number {
	const given = process.env.POLLTLS_SEED ?? randomBytes(6).toString("hex");
	const [seed, only] = given.split(":");
	t.diagnostic(`POLLTLS_SEED=${given}`);
	const limit = performance.now() + 1000 * Number(process.env.POLLTLS_FUZZ_SECONDS ?? seconds);
	let count = 0;
	const play = (number: number): void => {
		try {
			run(new Dice(`${seed}:${number}`));
		} catch (error) {
			if (error instanceof Error) error.message += `\nPOLLTLS_SEED=${seed}:${number} repeats it`;
			throw error;
		}
		count++;
	};
	if (only !== undefined) play(Number(only));
	else while (performance.now() < limit) play(count);
	t.diagnostic(`${count} runs`);
	return count;
}
