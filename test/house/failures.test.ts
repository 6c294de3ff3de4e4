// The table of failures: each index once, each raised by one function of modules/, each expected by a test.

import assert from "node:assert/strict";
import { test } from "node:test";
import * as table from "polltls/base/failure";
import { at, isFunction, type Node, nameOf, parseSource, refuse, type Source, sourcesOf, walk } from "./sources.js";

const failures = Object.entries(table).filter((row): row is [string, number] => typeof row[1] === "number" && row[0] !== "NO_FAILURE");
const sources = sourcesOf("modules").filter(({ path }) => path !== "modules/base/failure.ts");

/** The functions in which a source uses a name other than to import it or to compare with it. */
function raisedIn(source: Source, wanted: Set<string>): { name: string; node: Node; place: Node }[] {
	const found: { name: string; node: Node; place: Node }[] = [];
	walk(source.program, (node, parents) => {
		if (/^(Import|Export)(Specifier|Declaration)/.test(node.type) && node.type !== "ExportNamedDeclaration") return false;
		if (node.type !== "Identifier" || !wanted.has(nameOf(node))) return undefined;
		const parent = parents.at(-1) as Node;
		const compared = parent.type === "BinaryExpression" && /^[!=]==?$/.test(parent.operator as string);
		const labelled = parent.type === "SwitchCase" && parent.test === node;
		const place = parents.filter(isFunction).at(-1) ?? node;
		if (!compared && !labelled && !found.some((one) => one.name === nameOf(node) && one.place === place)) found.push({ name: nameOf(node), node, place });
		return undefined;
	});
	return found;
}

test("every failure has its own index, an alert and a return code", () => {
	const seen = new Map<number, string>();
	const complaints: string[] = [];
	for (const [name, value] of failures) {
		const index = value >> 16;
		if (seen.has(index)) complaints.push(`${name} and ${seen.get(index)} both have index ${index}`);
		seen.set(index, name);
		if (index < 1) complaints.push(`${name} has no index`);
		if (table.codeOf(value) === 0) complaints.push(`${name} has the return code OK`);
		if (!/^[A-Z][A-Z0-9_]*$/.test(name)) complaints.push(`${name}: capitals`);
	}
	refuse(complaints, "A row of base/failure.ts is (index << 16) | (alert << 8) | code.");
	assert.ok(failures.length >= 10);
});

test("every failure is raised by exactly one function", () => {
	const wanted = new Set(failures.map(([name]) => name));
	const places = new Map<string, string[]>();
	for (const source of sources) for (const { name, node } of raisedIn(source, wanted)) places.set(name, [...(places.get(name) ?? []), at(source, node, name)]);
	const complaints: string[] = [];
	for (const [name] of failures) {
		const raised = places.get(name) ?? [];
		if (raised.length === 0) complaints.push(`${name} is raised nowhere: take the row out, or write the check`);
		if (raised.length > 1)
			complaints.push(`${name} is raised in ${raised.length} functions: ${raised.map((place) => place.replace(`: ${name}`, "")).join(", ")}`);
	}
	refuse(complaints, "One check, one name: give a second check its own row, or let both ask one function.");
});

test("every failure is expected by a test", () => {
	const tests = sourcesOf("test")
		.filter(({ path }) => !path.startsWith("test/house/"))
		.map(({ code }) => code.replace(/import[\s\S]*?from\s*"[^"]*";/g, ""));
	refuse(
		failures.map(([name]) => name).filter((name) => !tests.some((code) => new RegExp(`\\b${name}\\b`).test(code))),
		"Write a test that reaches the failure and names it.",
	);
});

test("the search for places tells raising from comparing", () => {
	const places = (text: string): number => raisedIn(parseSource("modules/wire/x.ts", text), new Set(["A_B"])).length;
	for (const one of ["function f() { return A_B; }", "fail(hs, A_B);", "const f = ok ? 0 : A_B;", "if (x) return_(A_B);"]) assert.equal(places(one), 1, one);
	assert.equal(places("function f() { if (a) return A_B; return A_B; }"), 1);
	assert.equal(places("function f() { return A_B; } function g() { return A_B; }"), 2);
	for (const none of ['import { A_B } from "./a.js";', "if (f === A_B) g();", "switch (f) { case A_B: g(); }", "// A_B"]) assert.equal(places(none), 0, none);
});
