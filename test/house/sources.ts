// The project's source files as text, as code without comments, and as syntax trees: for the house tests.

import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative, sep } from "node:path";
import { fileURLToPath } from "node:url";
import { parse } from "@babel/parser";

export const projectRoot = fileURLToPath(new URL("../../", import.meta.url));

/** A node of the syntax tree (Babel's names, https://babeljs.io/docs/babel-parser#output). */
export interface Node {
	type: string;
	start: number;
	end: number;
	loc: { start: { line: number }; end: { line: number } };
	[key: string]: unknown;
}

export interface Import {
	/** What the file says: "./reader.js", "polltls/base/reader", "node:net". */
	specifier: string;
	/** The file from the project's root without its ending ("modules/base/reader"), or the specifier if it's none of ours. */
	target: string;
	typeOnly: boolean;
	/** export ... from */
	passedOn: boolean;
	line: number;
}

export interface Source {
	/** From the project's root: "modules/base/reader.ts". */
	path: string;
	text: string;
	/** The text with every comment blanked; lines and columns stay. */
	code: string;
	program: Node;
	imports: Import[];
}

const cache = new Map<string, Source[]>();

/** Every .ts and .mjs file of a top folder (none if the folder isn't there). */
export function sourcesOf(folder: string): Source[] {
	let sources = cache.get(folder);
	if (!sources) {
		sources = filesOf(folder)
			.filter((path) => /\.(ts|mts|mjs)$/.test(path) && !path.endsWith(".d.ts"))
			.map(read);
		cache.set(folder, sources);
	}
	return sources;
}

/** The paths of all files of a folder, from the project's root, in order. */
export function filesOf(folder: string): string[] {
	const at = join(projectRoot, folder);
	if (!existsSync(at)) return [];
	return readdirSync(at, { recursive: true, withFileTypes: true })
		.filter((entry) => entry.isFile() && !/(^|[/\\])(node_modules|build|dist)([/\\]|$)/.test(entry.parentPath))
		.map((entry) => relative(projectRoot, join(entry.parentPath, entry.name)).split(sep).join("/"))
		.sort();
}

function read(path: string): Source {
	return parseSource(path, readFileSync(join(projectRoot, path), "utf8"));
}

/** A source from its text; the path decides which rules hold for it. */
export function parseSource(path: string, text: string): Source {
	const file = parse(text, { sourceType: "module", sourceFilename: path, plugins: ["typescript"], attachComment: false });
	let code = text;
	for (const { start, end } of file.comments as { start: number; end: number }[])
		code = code.slice(0, start) + code.slice(start, end).replace(/[^\n]/g, " ") + code.slice(end);
	const program = file.program as unknown as Node;
	return { path, text, code, program, imports: importsOf(path, program) };
}

function importsOf(path: string, program: Node): Import[] {
	const imports: Import[] = [];
	walk(program, (node) => {
		const source = node.source as Node | null | undefined;
		const named = node.type === "ImportDeclaration" || node.type === "ExportNamedDeclaration" || node.type === "ExportAllDeclaration";
		if (!source || typeof source.value !== "string" || !(named || node.type === "ImportExpression")) {
			const call = node.type === "CallExpression" && (node.callee as Node).type === "Import" ? (node.arguments as Node[])[0] : undefined;
			if (typeof call?.value === "string") imports.push(importOf(path, call.value, false, false, node.loc.start.line));
			return undefined;
		}
		const specifiers = (node.specifiers as Node[] | undefined) ?? [];
		const allTypes = specifiers.length > 0 && specifiers.every((each) => each.importKind === "type" || each.exportKind === "type");
		const typeOnly = node.importKind === "type" || node.exportKind === "type" || allTypes;
		imports.push(importOf(path, source.value, typeOnly, node.type.startsWith("Export"), node.loc.start.line));
		return undefined;
	});
	return imports;
}

function importOf(path: string, specifier: string, typeOnly: boolean, passedOn: boolean, line: number): Import {
	let target = specifier;
	if (specifier.startsWith("."))
		target = join(dirname(path), specifier)
			.split(sep)
			.join("/")
			.replace(/\.(js|ts|mjs)$/, "");
	else if (specifier.startsWith("polltls/moddable/")) target = `hosts/${specifier.slice("polltls/".length)}`;
	else if (specifier.startsWith("polltls/")) target = `modules/${specifier.slice("polltls/".length).replace(/\.(js|ts)$/, "")}`;
	return { specifier, target, typeOnly, passedOn, line };
}

/** Visits a node and what is below it; a visitor that answers false keeps the walk out of that node. */
export function walk(node: Node, visit: (node: Node, parents: Node[]) => boolean | undefined, parents: Node[] = []): void {
	if (visit(node, parents) === false) return;
	parents.push(node);
	for (const key of Object.keys(node)) {
		if (key === "loc" || key === "extra") continue;
		const value = node[key];
		if (Array.isArray(value)) {
			for (const each of value) if (isNode(each)) walk(each, visit, parents);
		} else if (isNode(value)) walk(value, visit, parents);
	}
	parents.pop();
}

function isNode(value: unknown): value is Node {
	return typeof value === "object" && value !== null && typeof (value as Node).type === "string";
}

export function isFunction(node: Node): boolean {
	return /^(FunctionDeclaration|FunctionExpression|ArrowFunctionExpression|ObjectMethod|ClassMethod|ClassPrivateMethod)$/.test(node.type);
}

/** The name of an identifier, a private name or a string key; "" for anything else. */
export function nameOf(node: unknown): string {
	if (!isNode(node)) return "";
	if (node.type === "Identifier") return node.name as string;
	if (node.type === "PrivateName") return nameOf(node.id);
	return typeof node.value === "string" ? node.value : "";
}

/** "modules/base/reader.ts:12: what" */
export function at(source: Source, node: Node | number, what: string): string {
	return `${source.path}:${typeof node === "number" ? node : node.loc.start.line}: ${what}`;
}

/** Fails with one line for each complaint and the rule that they break. */
export function refuse(complaints: string[], rule: string): void {
	if (complaints.length === 0) return;
	const shown = complaints.slice(0, 40).map((complaint) => `  ${complaint}`);
	if (complaints.length > shown.length) shown.push(`  and ${complaints.length - shown.length} more`);
	const error = new Error(`${rule}\n${shown.join("\n")}`);
	error.stack = error.message;
	throw error;
}
