// Portable cases of the parts that datagrams need: the replay window, ranges, the assembly of messages, cookies.

import { NO_FAILURE } from "polltls/base/failure";
import { nobleSha256 } from "polltls/crypto/noble/hashes";
import { DtlsAssembly, MESSAGE_HEADER, REFUSED, STALE, STORED } from "polltls/messages/dtls-assembly";
import { DtlsCookie } from "polltls/messages/dtls-cookie";
import { DtlsRanges } from "polltls/messages/dtls-ranges";
import { ReplayWindow } from "polltls/record/replay-window";
import { equal, TestEntropy } from "./pair/harness.js";
import { seededNumbers } from "./pair/lossy-network.js";

const HALF = 0x100000000;

/** A fragment's bytes: header and a body that counts from its offset. */
function fragment(sequence: number, length: number, offset: number, count: number, type = 11): number[] {
	const u24 = (value: number): number[] => [value >> 16, (value >> 8) & 255, value & 255];
	const body = Array.from({ length: count }, (_, i) => (offset + i) & 255);
	return [type, ...u24(length), sequence >> 8, sequence & 255, ...u24(offset), ...u24(count), ...body];
}

/** An assembly over a memory whose first half takes fragments. */
class Bench {
	readonly memory: Uint8Array;
	readonly assembly: DtlsAssembly;
	constructor(store: number) {
		this.memory = new Uint8Array(2048 + store);
		this.assembly = new DtlsAssembly(this.memory, 2048, 2048 + store);
	}
	add(bytes: number[], epoch = 2): number {
		this.memory.set(bytes, 0);
		return this.assembly.add(0, epoch);
	}
	/** The body that stands must be counting bytes of this length. */
	check(length: number): void {
		equal(this.assembly.complete, true);
		const { messageAt, messageEnd } = this.assembly;
		equal(messageEnd - messageAt - MESSAGE_HEADER, length);
		for (let i = 0; i < length; i++) equal(this.memory[messageAt + MESSAGE_HEADER + i], i & 255, `byte ${i}`);
		equal(this.memory[messageAt + 8], 0, "offset");
		equal(this.memory[messageAt + 11], length & 255, "fragment length is the whole");
	}
}

export const cases: Record<string, () => void> = {
	"the window against a list of all numbers": () => {
		const next = seededNumbers(5);
		for (const base of [0, 65500, 2 ** 32 - 50, 2 ** 47]) {
			const window = new ReplayWindow();
			const seen = new Set<number>();
			let highest = -1;
			for (let i = 0; i < 2000; i++) {
				const number = Math.max(0, base + i + Math.floor(next() * 140) - 90);
				const high = Math.floor(number / HALF);
				const low = number % HALF;
				const isNew = number > highest || (number > highest - 64 && !seen.has(number));
				equal(window.isNew(high, low), isNew, `${number} at ${highest}`);
				if (!isNew) continue;
				equal(window.mark(high, low), number > highest);
				seen.add(number);
				highest = Math.max(highest, number);
			}
		}
	},

	"numbers are put together from 8 and 16 bits": () => {
		const number = { high: 0, low: 0 };
		for (const highest of [0, 3, 254, 255, 256, 70000, 2 ** 32 - 1, 2 ** 40 + 7])
			for (const bits of [8, 16] as const) {
				const window = new ReplayWindow();
				window.mark(Math.floor(highest / HALF), highest % HALF);
				const reach = 1 << (bits - 1);
				for (const distance of [-reach + 2, -2, -1, 0, 1, 2, 50, reach]) {
					const sent = highest + distance;
					if (sent < 0) continue;
					window.reconstruct(sent % (1 << bits), bits, number);
					equal(number.high * HALF + number.low, sent, `${bits} bits, ${distance} from ${highest}`);
				}
			}
	},

	"ranges grow together": () => {
		const ranges = new DtlsRanges(3);
		equal(ranges.add(10, 20) && ranges.add(40, 50) && ranges.add(70, 80), true);
		equal(ranges.add(90, 95), false, "too many");
		equal(ranges.covers(10, 20) && !ranges.covers(10, 21), true);
		equal(ranges.endOfCovered(15), 20);
		equal(ranges.endOfCovered(20), 20);
		equal(ranges.nextCovered(20, 100), 40);
		equal(ranges.add(15, 40), true, "closes a gap");
		equal(ranges.covers(10, 50), true);
		equal(ranges.add(0, 100), true);
		equal(ranges.covers(0, 100), true);
	},

	"ranges against a set of bytes": () => {
		const next = seededNumbers(9);
		for (let run = 0; run < 200; run++) {
			const ranges = new DtlsRanges(6);
			const bytes = new Set<number>();
			for (let i = 0; i < 12; i++) {
				const from = Math.floor(next() * 60);
				const to = from + 1 + Math.floor(next() * 10);
				if (ranges.add(from, to)) for (let b = from; b < to; b++) bytes.add(b);
			}
			for (let b = 0; b < 80; b++) equal(ranges.covers(b, b + 1), bytes.has(b), `${b}`);
		}
	},

	"fragments in any order, size and overlap": () => {
		const next = seededNumbers(3);
		for (let run = 0; run < 300; run++) {
			const bench = new Bench(1024);
			const length = 1 + Math.floor(next() * 600);
			let turns = 0;
			while (!bench.assembly.complete) {
				const offset = Math.floor(next() * length);
				bench.add(fragment(0, length, offset, Math.min(length - offset, 1 + Math.floor(next() * 200))));
				if (++turns > 5000) throw new Error("it is never whole");
			}
			bench.check(length);
		}
	},

	"messages come in any order and are read in theirs": () => {
		const bench = new Bench(1024);
		equal(bench.add(fragment(1, 100, 0, 100)), REFUSED, "behind a gap nothing is safe");
		equal(bench.add(fragment(0, 50, 0, 20)), STORED);
		equal(bench.add(fragment(1, 100, 0, 100)), STORED, "now it is");
		equal(bench.add(fragment(0, 50, 20, 30)), STORED);
		bench.check(50);
		bench.assembly.release();
		bench.check(100);
		bench.assembly.release();
		equal(bench.add(fragment(1, 100, 0, 100)), STALE);
		equal(bench.add(fragment(2, 0, 0, 0)), STORED, "an empty message");
		bench.check(0);
		bench.assembly.release();
		equal(bench.assembly.partial, false);
	},

	"a message that is next pushes out later ones": () => {
		const bench = new Bench(300);
		bench.add(fragment(1, 200, 0, 200));
		equal(bench.add(fragment(0, 200, 0, 200)), STORED);
		bench.check(200);
		equal(bench.assembly.failure, NO_FAILURE);
		bench.assembly.release();
		equal(bench.assembly.complete, false, "it must come again");
		equal(bench.add(fragment(1, 200, 0, 200)), STORED);
		bench.check(200);
	},

	"fragments that contradict each other, or come under other keys": () => {
		const bench = new Bench(1024);
		bench.add(fragment(0, 100, 0, 10));
		equal(bench.add(fragment(0, 101, 10, 10)), REFUSED, "another length");
		equal(bench.add(fragment(0, 100, 10, 10, 12)), REFUSED, "another type");
		equal(bench.add(fragment(0, 100, 10, 10), 3), REFUSED, "another epoch");
		equal(bench.add(fragment(0, 100, 95, 10)), REFUSED, "past its end");
		equal(bench.add(fragment(9, 100, 0, 10)), REFUSED, "too far ahead");
		bench.assembly.keepEpoch(3);
		equal(bench.assembly.partial, false);
	},

	"a cookie is for one address, and for a while": () => {
		const cookie = new DtlsCookie(nobleSha256, new TestEntropy(4), 1000);
		const bytes = new Uint8Array(64);
		const end = cookie.seal(5000, "192.0.2.1 5684", bytes, 3, 10);
		equal(cookie.check(5900, "192.0.2.1 5684", bytes, 3, end), true);
		equal(cookie.check(6500, "192.0.2.1 5684", bytes, 3, end), true, "under the secret before");
		equal(cookie.check(6500, "192.0.2.1 5685", bytes, 3, end), false, "another port");
		for (let at = 3; at < end; at++) {
			bytes[at] ^= 4;
			equal(cookie.check(6500, "192.0.2.1 5684", bytes, 3, end), false, `byte ${at}`);
			bytes[at] ^= 4;
		}
		equal(cookie.check(7600, "192.0.2.1 5684", bytes, 3, end), false, "too old");
		const late = cookie.seal(7700, "a", bytes, 0, 1);
		equal(cookie.check(20000, "a", bytes, 0, late), false, "after a long rest");
		equal(cookie.check(20000, "a", bytes, 0, 3), false, "too short");
		cookie.wipe();
	},
};
