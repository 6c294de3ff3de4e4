// The code rules over all of modules/, and each rule on a sample that breaks it.

import assert from "node:assert/strict";
import { test } from "node:test";
import { asyncCode, closures, forbiddenSyntax, manyFields, moduleLevelState, privateMethods, throwing } from "./code-rules.js";
import { parseSource, refuse, type Source, sourcesOf } from "./sources.js";

const modules = sourcesOf("modules");

function hold(name: string, rule: (source: Source) => string[], advice: string): void {
	test(name, () => {
		refuse(modules.filter(({ path }) => !path.startsWith("modules/crypto/noble/") || rule !== moduleLevelState).flatMap(rule), advice);
	});
}

hold("nothing at module level changes or runs", moduleLevelState, "All of modules/ is preloaded into flash: literals and Object.freeze only.");
hold("no async code, no generators", asyncCode, "A step of the table holds no stack: see DESIGN, the handshake.");
hold("no closures in protocol code", closures, "A closure keeps its frame in the heap and can't be wiped.");
hold("nothing throws on bytes from a peer", throwing, "A failure of base/failure is answered, never thrown.");
hold("no class has more than 16 fields", manyFields, "XS looks fields up one after the other.");
hold("no #private methods", privateMethods, "Write `private f()`: on XS a #method costs each instance a slot, and the last instance is never collected.");
hold("no syntax that the house avoids", forbiddenSyntax, "Plain ES2022 with types that are erased.");

test("there is something to look at", () => {
	assert.ok(modules.length > 10, `only ${modules.length} files in modules/`);
	assert.ok(modules.some(({ path }) => path.startsWith("modules/wire/extensions/")));
});

function sample(rule: (source: Source) => string[], path: string, text: string): number {
	return rule(parseSource(path, text)).length;
}

test("the rule on module level bites", () => {
	const path = "modules/wire/x.ts";
	for (const bad of [
		"let count = 0;",
		"export var a = 1;",
		"const a = new Map();",
		"export const a = new Uint8Array(4);",
		"const a = Uint8Array.of(1, 2);",
		"const a = new Uint8Array([1, 2]);",
		"const a: Readonly<Uint8Array> = new Uint8Array(4);",
		"const a: Readonly<Uint8Array> = new Uint8Array([1]); function f() { (a as Uint8Array)[0] = 2; }",
		"const a = [new Date()];",
		"const a = { b: make() };",
		"make();",
		"function row(a: number) { count(); return Object.freeze({ a }); } const a = [row(1)];",
		"function row(a: number) { return Object.freeze({ a: count() }); } const a = [row(1)];",
		"for (let i = 0; i < 3; i++);",
		"class A { static count = 0; }",
		"class A { static { make(); } }",
		"const table = [1]; export function f(): void { table[0] = 2; }",
		"const table = [1]; export function f(): void { table.push(2); }",
		"const a = { b: 0 }; export function f(): void { a.b++; }",
	])
		assert.equal(sample(moduleLevelState, path, bad), 1, bad);
	for (const good of [
		"export const a = [1, 2, -3];",
		"export const a = Object.freeze([1, 2]);",
		"export const a: Readonly<Uint8Array> = new Uint8Array([1, 2]);",
		"export const a = Object.freeze({ b: 1, make() { return new Uint8Array(2); } });",
		"export const f = (a: number): number => g(a);",
		"export const a = (1 << 16) | 3; export type B = Map<string, number>;",
		"class A { #a = new Uint8Array(3); b = make(); }",
		"const a = [1]; export function f(a: number[]): void { a[0] = 1; }",
		"const a = [1]; export function f(): void { const a = [2]; a.push(1); }",
		"function row(a: number, b: number) { return Object.freeze({ a, b }); } export const a = Object.freeze([row(1, 2), row(3, 4)]);",
		'import { a } from "./a.js"; export interface B { a: number }',
	])
		assert.equal(sample(moduleLevelState, path, good), 0, good);
});

test("the rule on async code bites", () => {
	const path = "modules/engine/x.ts";
	for (const bad of ["export async function f() {}", "export function* f() {}", "const p = Promise.resolve();", "// we await it", "const f = async () => {};"])
		assert.ok(sample(asyncCode, path, bad) > 0, bad);
	assert.equal(sample(asyncCode, path, "export function f(asynchronous: number) { return asynchronous; } // awaited"), 0);
});

test("the rule on closures bites", () => {
	const bad = "export function f(list: number[]) { return list.find((each) => each > 1); }";
	assert.equal(sample(closures, "modules/record/x.ts", bad), 1);
	assert.equal(sample(closures, "modules/pki/x.ts", bad), 0, "only protocol code");
	assert.equal(sample(closures, "modules/record/x.ts", "export class A { f() { return 1; } }"), 0);
});

test("the rules on throwing, fields and syntax bite", () => {
	assert.equal(sample(throwing, "modules/wire/x.ts", "export function f() { throw new Error(); }"), 1);
	assert.equal(sample(throwing, "modules/wire/x.ts", "export function f(a: number) { if (a > 3) throw new Error(); }"), 1);
	assert.equal(sample(throwing, "modules/wire/x.ts", "export function f(a?: A, b?: B) { if (a === undefined || b === undefined) throw new Error(); }"), 0);
	assert.equal(sample(throwing, "modules/record/x.ts", "export function createX() { throw new Error(); }"), 0);
	assert.equal(sample(throwing, "modules/engine/x.ts", "export function f() { throw new Error(); }"), 0);
	const fields = (count: number): string => `class A { ${Array.from({ length: count }, (_, i) => `a${i} = 0;`).join(" ")} }`;
	assert.equal(sample(manyFields, "modules/engine/x.ts", fields(17)), 1);
	assert.equal(sample(manyFields, "modules/engine/x.ts", fields(16)), 0);
	for (const bad of ["class A { #a() {} }", "class A { get #a() { return 1; } }"]) assert.equal(sample(privateMethods, "modules/pki/x.ts", bad), 1, bad);
	assert.equal(sample(privateMethods, "modules/pki/x.ts", "class A { #a = 1; private b() { return this.#a; } }"), 0);
	for (const bad of ["export enum A { b }", "namespace A { export const b = 1; }", "const a = Date.now();", "let a: any;"])
		assert.equal(sample(forbiddenSyntax, "modules/wire/x.ts", bad), 1, bad);
});
