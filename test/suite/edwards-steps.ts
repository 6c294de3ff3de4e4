// Doubling and adding on edwards25519 against the formulas modulo 2^255 - 19, with numbers at the bounds where carries and foldings
// run long. Portable: in images it is C that does it.

import { edwardsDoubleAdd } from "polltls/crypto/public-key/edwards-steps";
import { Edwards } from "polltls/crypto/public-key/edwards25519";

const p = (1n << 255n) - 19n;

function mod(a: bigint): bigint {
	return ((a % p) + p) % p;
}

interface Sum {
	x: bigint;
	y: bigint;
	z: bigint;
	t: bigint;
}

function doubled({ x, y, z }: Sum): Sum {
	const e = mod(2n * x * y);
	const g = mod(y * y - x * x);
	const h = mod(x * x + y * y);
	const f = mod(2n * z * z - g);
	return { x: e * f, y: g * h, z: f * g, t: e * h };
}

function added({ x, y, z, t }: Sum, plus: bigint, minus: bigint, product: bigint, z2: bigint): Sum {
	const c = mod(t * product);
	const d = mod(z * z2);
	const a = mod((y - x) * minus);
	const b = mod((y + x) * plus);
	return { x: (b - a) * (d - c), y: (d + c) * (b + a), z: (d - c) * (d + c), t: (b - a) * (b + a) };
}

function check(from: Sum, times: number, plus: bigint, minus: bigint, product: bigint, z2: bigint | undefined): void {
	const sum = new Edwards();
	Object.assign(sum, from);
	edwardsDoubleAdd(sum, times, plus, minus, product, z2, true);
	let expected = from;
	for (let i = 0; i < times; i++) expected = doubled(expected);
	expected = added(expected, plus, minus, product, z2 ?? 2n);
	for (const name of ["x", "y", "z", "t"] as const)
		if (mod(sum[name]) !== mod(expected[name]))
			throw new Error(`${name} is wrong after ${times} doublings of ${Object.values(from)} and ${plus}, ${minus}, ${product}, ${z2}`);
}

const bounds = [0n, 1n, 19n, 37n, 38n, (1n << 64n) - 1n, 1n << 224n, 1n << 254n, p - 39n, p - 1n, p];

export const cases: Record<string, () => void> = {
	"edwards25519: every pair of coordinates at the bounds": () => {
		for (const x of bounds)
			for (const y of bounds)
				for (const times of [0, 1, 2]) {
					check({ x, y, z: 3n, t: x }, times, y, x, x, undefined);
					check({ x, y, z: y, t: p - 1n }, times, x, p, -y, x);
				}
	},
	"edwards25519: what is added at the bounds of what callers give": () => {
		const long = [(1n << 256n) - 1n, (1n << 256n) + 1n, (1n << 264n) - 5n];
		for (const plus of [...bounds, ...long])
			for (const minus of long) for (const sign of [1n, -1n]) check({ x: 5n, y: p - 7n, z: 11n, t: 13n }, 1, plus, minus, sign * plus, minus);
	},
	"edwards25519: t is kept only when it is asked for": () => {
		const sum = new Edwards();
		sum.set(3n, 5n);
		const { t } = sum;
		edwardsDoubleAdd(sum, 1, 7n, 9n, 11n, undefined, false);
		if (sum.t !== t) throw new Error("t was written");
	},
};
