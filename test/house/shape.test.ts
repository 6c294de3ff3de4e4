// Sizes, words, names and paths.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { declaredNames } from "./code-rules.js";
import { at, filesOf, isFunction, type Node, nameOf, parseSource, projectRoot, refuse, type Source, sourcesOf, walk } from "./sources.js";

const modules = sourcesOf("modules");
const program = [...modules, ...sourcesOf("hosts"), ...sourcesOf("examples")];
const everything = [...program, ...sourcesOf("test"), ...sourcesOf("tools")];

function linesOf({ text }: Source): number {
	return text.split("\n").length - 1;
}

test("no file is over 500 lines, no entry point over 80", () => {
	refuse(
		program.flatMap((source) => {
			const limit = /^modules\/[^/]+\.ts$/.test(source.path) ? 80 : 500;
			return linesOf(source) > limit ? [`${source.path}: ${linesOf(source)} lines, the limit is ${limit}`] : [];
		}),
		"Split the file by subject.",
	);
});

const stepName = /^(read|send|check|sign|share)([A-Z]|$)/;

/** Functions of the handshake that are steps, by their names. */
function longSteps(source: Source): string[] {
	const complaints: string[] = [];
	walk(source.program, (node) => {
		const lines = node.loc.end.line - node.loc.start.line + 1;
		if (node.type === "FunctionDeclaration" && stepName.test(nameOf(node.id)) && lines > 40)
			complaints.push(at(source, node, `${nameOf(node.id)} has ${lines} lines`));
		return undefined;
	});
	return complaints;
}

test("a step has at most 40 lines", () => {
	refuse(modules.filter(({ path }) => path.startsWith("modules/handshake/")).flatMap(longSteps), "Make two states of it, or give a part its own function.");
	const body = "x();\n".repeat(40);
	assert.equal(longSteps(parseSource("modules/handshake/x.ts", `function readFinished() {\n${body}}`)).length, 1);
	assert.equal(longSteps(parseSource("modules/handshake/x.ts", `function readFinished() {\n${body.slice(10)}}`)).length, 0);
});

/** Where the word may stand; elsewhere the difference is a value of handshake/variant. */
const dtlsRooms = /^modules\/(record\/dtls-|messages\/dtls-|handshake\/variant|io\/|dtls-)/;
/** The public return codes of both transports. */
const publicCodes = /\b(DTLS_NEW_CONN|DTLS_DROP_FRMSG|DTLS_CONNECT_ERR)\b/g;

function dtlsWords(source: Source): string[] {
	if (dtlsRooms.test(source.path)) return [];
	const complaints: string[] = [];
	const text = source.text.split("\n");
	source.code.split("\n").forEach((line, index) => {
		if (/dtls/i.test(line.replace(publicCodes, ""))) complaints.push(at(source, index + 1, line.trim()));
		// A plain search sees a comment behind code as code.
		else if (/\bdtls\b/i.test(text[index]) && line.trim() !== "") complaints.push(at(source, index + 1, "put this comment on a line of its own"));
	});
	return complaints;
}

test("the word dtls stays in its rooms", () => {
	refuse(modules.flatMap(dtlsWords), "What differs only in value stands in handshake/variant; what differs in deed in a dtls- file.");
	for (const bad of ["const dtlsVersion = 1;", "x('dtls13');", "f(); // as in DTLS", "const isDtls = 1;"])
		assert.equal(dtlsWords(parseSource("modules/engine/x.ts", bad)).length, 1, bad);
	for (const good of ["// DTLS too\nf();", "f(DTLS_NEW_CONN);"]) assert.equal(dtlsWords(parseSource("modules/engine/x.ts", good)).length, 0, good);
	assert.equal(dtlsWords(parseSource("modules/record/dtls-records.ts", "const dtlsVersion = 1;")).length, 0);
});

const emptyVerb = /^(get|do|handle|process|manage)[A-Z]/;
const emptyNoun = /(Manager|Util|Utils|Helper|Helpers|Handler)$|^(manager|util|utils|helper|helpers)$/;
/** Names that others chose: the XS worker's entry, Node's and the SDK's callbacks. */
const givenNames = /^(handleCommand|getRandomValues)$/;

function emptyNames(source: Source): string[] {
	return declaredNames(source)
		.filter(({ name }) => (emptyVerb.test(name) || emptyNoun.test(name)) && !givenNames.test(name))
		.map(({ name, node }) => at(source, node, name));
}

test("names say what happens", () => {
	refuse(
		program.filter(({ path }) => !path.startsWith("hosts/moddable/")).flatMap(emptyNames),
		"get, do, handle, process, manager, util and helper say nothing: read, send, check, sign, share, decode, encode, derive, seal, open, begin, end, peek, release, or what it is.",
	);
	for (const bad of [
		"function getKey() {}",
		"class A { handleRecord() {} }",
		"interface A { doIt(): void }",
		"const byteUtils = 1;",
		"function f(helper: number) {}",
	])
		assert.equal(emptyNames(parseSource("modules/wire/x.ts", bad)).length, 1, bad);
	for (const good of ["map.get(1); process.exit();", "function f({ get }: B) {}", "const handled = 1;"])
		assert.equal(emptyNames(parseSource("modules/wire/x.ts", good)).length, 0, good);
});

test("files are named in kebab-case, by their subject", () => {
	refuse(
		[...filesOf("modules"), ...filesOf("hosts"), ...filesOf("examples"), ...filesOf("test")]
			.filter((path) => /\.(ts|mts|mjs)$/.test(path))
			.filter((path) => {
				const name = path.slice(path.lastIndexOf("/") + 1).replace(/(\.test|\.d)?\.(ts|mts|mjs)$/, "");
				return !/^[a-z0-9]+(-[a-z0-9]+)*$/.test(name) || /(^|-)(manager|utils?|helpers?|common|misc|handler|index)($|-)/.test(name);
			}),
		"A file is named after the RFC's struct or its one subject: client-hello.ts, replay-window.ts.",
	);
});

test("each file says at its head what it is", () => {
	refuse(
		everything.filter((source) => linesOf(source) > 8 && !/^(#!.*\n)?(\/\/|\/\*)/.test(source.text)).map(({ path }) => path),
		"Begin with a comment: what it is, for whom, which RFC and section.",
	);
});

test("every public class shows how it is used", () => {
	const complaints: string[] = [];
	for (const source of modules)
		for (const statement of source.program.body as Node[]) {
			const inner = statement.type === "ExportNamedDeclaration" ? (statement.declaration as Node | null) : undefined;
			if (inner?.type !== "ClassDeclaration") continue;
			if (!/\*\/\s*$/.test(source.text.slice(0, statement.start))) complaints.push(at(source, statement, `class ${nameOf(inner.id)} has no docstring`));
		}
	refuse(complaints, "A docstring: units, sizes, errors, who owns a buffer, and a short example.");
});

test("nothing in the tree is unfinished or of one machine", () => {
	const words: [RegExp, string][] = [
		[/\b(TODO|FIXME|XXX)\b/, "finish it, or file it"],
		[/(?<!")not implemented|for now\b/i, "finish it, or refuse it by name"],
		[/\.only\(|(?:it|test|describe)\.skip\(|\btodo: true/, "a test runs, or it says why it can't"],
		[/(?:^|[^\w.])\/(?:work|tmp|farm|home|root|Users)\/\w/, "a path of one machine"],
		[/biome-ignore(?!\b.*: \S)|@ts-ignore|@ts-nocheck|eslint-disable/, "say why beside it, or mend what the tool found"],
	];
	const self = "test/house/shape.test.ts";
	const complaints: string[] = [];
	const texts = [
		...filesOf("docs"),
		...filesOf("modules"),
		...filesOf("hosts"),
		...filesOf("examples"),
		...filesOf("test"),
		...filesOf("tools"),
		"README.md",
		"CONTRIBUTING.md",
		"package.json",
	];
	for (const path of texts) {
		if (path === self || !/\.(ts|mts|mjs|json|md|sh|c|h)$/.test(path) || path.includes("/vectors/")) continue;
		let text: string;
		try {
			text = readFileSync(join(projectRoot, path), "utf8");
		} catch {
			continue; // a page that isn't written yet
		}
		text.split("\n").forEach((line, index) => {
			for (const [word, advice] of words) if (word.test(line)) complaints.push(`${path}:${index + 1}: ${line.trim().slice(0, 100)} (${advice})`);
		});
	}
	refuse(complaints, "The tree is whole as it stands.");
});

test("functions are short enough to read", () => {
	const complaints: string[] = [];
	for (const source of modules)
		walk(source.program, (node) => {
			const lines = node.loc.end.line - node.loc.start.line + 1;
			if (isFunction(node) && lines > 80)
				complaints.push(at(source, node, `${nameOf(node.id ?? node.key) || "a function"} has ${lines} lines, 80 is the most`));
			return undefined;
		});
	refuse(complaints, "Give a part of it its own function and name.");
});
