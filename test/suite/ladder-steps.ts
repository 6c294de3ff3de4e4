// Steps of the Montgomery ladder of Curve25519 against its formulas modulo 2^255 - 19, with numbers at the bounds where carries and
// foldings run long. Portable: in images it is C that does them.

import { LadderPoints } from "polltls/crypto/public-key/ladder-points";
import { climb25519 } from "polltls/crypto/public-key/ladder-steps";

const p = (1n << 255n) - 19n;
const top = 1n << 256n;

function mod(a: bigint): bigint {
	return ((a % p) + p) % p;
}

interface Numbers {
	u1: bigint;
	x2: bigint;
	z2: bigint;
	x3: bigint;
	z3: bigint;
}

/** RFC 7748 5, with the points swapped where the bit changes. */
function step({ u1, x2, z2, x3, z3 }: Numbers, change: boolean): Numbers {
	if (change) [x2, z2, x3, z3] = [x3, z3, x2, z2];
	const aa = (x2 + z2) ** 2n;
	const bb = (x2 - z2) ** 2n;
	const e = aa - bb;
	const da = (x3 - z3) * (x2 + z2);
	const cb = (x3 + z3) * (x2 - z2);
	return { u1, x2: mod(aa * bb), z2: mod(e * (aa + 121665n * e)), x3: mod((da + cb) ** 2n), z3: mod(u1 * (da - cb) ** 2n) };
}

function check(numbers: Numbers, changes: Uint8Array, bit: number, count: number): void {
	const points = new LadderPoints();
	Object.assign(points, numbers);
	climb25519(points, changes, bit, count);
	let expected = numbers;
	for (let at = bit; at >= 0 && at > bit - count; at--) expected = step(expected, ((changes[at >> 3] >> (at & 7)) & 1) === 1);
	for (const name of ["u1", "x2", "z2", "x3", "z3"] as const) {
		if (points[name] >= top) throw new Error(`${name} has become too long`);
		if (mod(points[name]) !== mod(expected[name]))
			throw new Error(
				`${name} is wrong after ${count} steps from bit ${bit} with ${JSON.stringify(numbers, (_, value) => (typeof value === "bigint" ? value.toString(16) : value))}`,
			);
	}
}

const bounds = [0n, 1n, 18n, 19n, 37n, 38n, (1n << 64n) - 1n, 1n << 224n, 1n << 254n, p - 39n, p - 1n, p, p + 1n, (1n << 255n) - 1n, top - 39n, top - 38n];
const alternating = new Uint8Array(32).fill(0xa5);

export const cases: Record<string, () => void> = {
	"X25519 ladder: every pair of coordinates at the bounds, swapped and not": () => {
		for (const x2 of bounds)
			for (const z2 of bounds)
				for (const other of [0n, 38n, p, top - 1n])
					for (const bit of [0, 1]) {
						check({ u1: 9n, x2, z2, x3: other, z3: z2 }, alternating, bit, 1);
						check({ u1: p - 1n, x2: other, z2: x2, x3: x2, z3: z2 }, alternating, bit, 1);
					}
	},
	"X25519 ladder: u at the bounds": () => {
		for (const u1 of [...bounds, p + 1n, (1n << 255n) - 1n]) check({ u1, x2: 1n, z2: 0n, x3: u1, z3: 1n }, alternating, 254, 12);
	},
	"X25519 ladder: it ends with bit 0, whatever count says": () => {
		for (const bit of [0, 3, 7]) check({ u1: 9n, x2: 5n, z2: 7n, x3: 9n, z3: 1n }, alternating, bit, 8);
	},
};
