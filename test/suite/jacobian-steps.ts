// Doubling and adding in Jacobian coordinates against the textbook's affine formulas, on random points and with coordinates at
// the bounds of what callers give. Portable: in images it is C that does it.

import type { Curve } from "polltls/crypto/public-key/curve";
import { HERE, Jacobian, NAMED, SAME, type Where } from "polltls/crypto/public-key/jacobian";
import { double, doubleAdd } from "polltls/crypto/public-key/jacobian-steps";
import { p256 } from "polltls/crypto/public-key/p256-curve";
import { p384 } from "polltls/crypto/public-key/p384-curve";

interface Point {
	x: bigint;
	y: bigint;
}

function mod(a: bigint, p: bigint): bigint {
	return ((a % p) + p) % p;
}
function inverse(a: bigint, p: bigint): bigint {
	let [u, v, s, t] = [p, mod(a, p), 0n, 1n];
	while (v !== 0n) [u, v, s, t] = [v, u % v, t, s - (u / v) * t];
	return mod(s, p);
}
/** Of points that aren't opposite; y^2 = x^3 - 3x + b. */
function add(p: bigint, a: Point, b: Point): Point {
	const slope = a.x === b.x ? (3n * a.x * a.x - 3n) * inverse(2n * a.y, p) : (b.y - a.y) * inverse(b.x - a.x, p);
	const x = mod(slope * slope - a.x - b.x, p);
	return { x, y: mod(slope * (a.x - x) - a.y, p) };
}
function multiple(p: bigint, point: Point, k: bigint): Point {
	let sum = point;
	for (let bit = 1n << BigInt(k.toString(2).length - 2); bit > 0n; bit >>= 1n) {
		sum = add(p, sum, sum);
		if ((k & bit) !== 0n) sum = add(p, sum, point);
	}
	return sum;
}

/** Repeatable numbers. */
class Numbers {
	#state = 0x2545f491;

	below(limit: bigint): bigint {
		let value = 0n;
		for (let bits = limit.toString(16).length * 4 + 64; bits > 0; bits -= 32) {
			this.#state ^= this.#state << 13;
			this.#state ^= this.#state >>> 17;
			this.#state ^= this.#state << 5;
			value = (value << 32n) | BigInt(this.#state >>> 0);
		}
		return value % limit;
	}
}

const numbers = new Numbers();

function generator(curve: Curve): Point {
	const { x, y } = curve.oddMultiples[0];
	return { x, y };
}
function randomPoint(curve: Curve): Point {
	return multiple(curve.field.p, generator(curve), numbers.below(1n << 32n) + 2n);
}

/** A sum that is this point of the named curve, with a random z, on a curve isomorphic by s. */
function sumOf(curve: Curve, { x, y }: Point, s: bigint): Jacobian {
	const { p } = curve.field;
	const sum = new Jacobian();
	const z = numbers.below(p - 1n) + 1n;
	const scale = mod(s * z, p);
	sum.x = mod(x * scale * scale, p);
	sum.y = mod(y * scale * scale * scale, p);
	sum.z = z;
	sum.e = mod(scale * scale, p);
	sum.s = s;
	return sum;
}

function expectPoint(curve: Curve, sum: Jacobian, { x, y }: Point, what: string): void {
	const { p } = curve.field;
	const scale = mod(sum.z * sum.s, p);
	const zz = scale * scale;
	for (const [name, is, should] of [
		["x", sum.x, x * zz],
		["y", sum.y, y * zz * scale],
		["e", sum.e, zz],
	] as const)
		if (scale === 0n || mod(is - should, p) !== 0n) throw new Error(`${what}: ${name} is wrong`);
}

/** The same number modulo p, as callers may have it. */
function variants(value: bigint, p: bigint): bigint[] {
	return [value, value - p, value + p, value - 3n * p, value + 2n * p];
}

function checkCurve(curve: Curve): void {
	const { field } = curve;
	const { p } = field;
	for (const where of [HERE, NAMED, SAME] as Where[])
		for (let times = 0; times <= 5; times++) {
			const a = randomPoint(curve);
			const b = randomPoint(curve);
			const s = where === SAME ? 1n : numbers.below(p - 2n) + 2n;
			const doubled = times === 0 ? a : multiple(p, a, 1n << BigInt(times));
			const sum = sumOf(curve, a, s);
			if (times > 0) double(sum, field, times);
			expectPoint(curve, sum, doubled, `${times} doublings`);
			const expected = add(p, doubled, b);
			const next = add(p, add(p, expected, expected), b);
			const here = where === HERE ? { x: mod(b.x * s * s, p), y: mod(b.y * s * s * s, p) } : b;
			for (const x of variants(here.x, p))
				for (const y of variants(here.y, p)) {
					const total = sumOf(curve, a, s);
					doubleAdd(total, field, times, x, y, where);
					expectPoint(curve, total, expected, `${times} doublings and an addition (${where})`);
					// What comes out goes in again
					doubleAdd(total, field, 1, x, y, where);
					expectPoint(curve, total, next, "twice that and an addition");
				}
		}
}

function checkMeeting(curve: Curve): void {
	const { field } = curve;
	const { p } = field;
	const a = randomPoint(curve);
	for (const y of [a.y, p - a.y]) {
		const sum = sumOf(curve, a, 1n);
		doubleAdd(sum, field, 0, a.x, y, SAME);
		if (mod(sum.z, p) !== 0n) throw new Error("z isn't 0 after a point met itself or its negative");
		doubleAdd(sum, field, 3, generator(curve).x, generator(curve).y, SAME);
		if (mod(sum.z, p) !== 0n) throw new Error("z doesn't stay 0");
	}
}

/** Coordinates next to the field's bounds, where carries run long: not of points, but the formulas are polynomials. */
function checkBounds(curve: Curve): void {
	const { p } = curve.field;
	const bounds = [0n, 1n, 2n, p - 1n, p - 2n, (p - 1n) / 2n, 1n << BigInt(curve.bits - 1), (1n << 64n) - 1n, p - (1n << 96n), numbers.below(p)];
	for (const x of bounds)
		for (const y of bounds)
			for (const e of bounds) {
				const sum = new Jacobian();
				Object.assign(sum, { x, y, z: e, e, s: 1n });
				double(sum, curve.field, 1);
				const m = 3n * (x * x - e * e);
				const v = 4n * x * y * y;
				const x3 = m * m - 2n * v;
				for (const [is, should] of [
					[sum.x, x3],
					[sum.y, m * (v - x3) - 8n * y ** 4n],
					[sum.z, 2n * y * e],
					[sum.e, 4n * y * y * e],
				])
					if (mod(is - should, p) !== 0n) throw new Error(`doubling of ${x}, ${y}, ${e}`);
			}
}

export const cases: Record<string, () => void> = {
	"P-256: doublings and additions on every kind of curve": () => checkCurve(p256),
	"P-384: doublings and additions on every kind of curve": () => checkCurve(p384),
	"P-256: a point that meets itself or its negative": () => checkMeeting(p256),
	"P-384: a point that meets itself or its negative": () => checkMeeting(p384),
	"P-256: coordinates next to the field's bounds": () => checkBounds(p256),
	"P-384: coordinates next to the field's bounds": () => checkBounds(p384),
};
