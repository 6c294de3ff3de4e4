// Who may import whom: the table of floors, no way up or sideways, no cycles, no barrels, no default exports.

import { test } from "node:test";
import { at, type Import, refuse, type Source, sourcesOf } from "./sources.js";

/** The floors, and which others each may import; "type:" for types only. Every floor may take types from os. */
const floors: Record<string, string[]> = {
	base: [],
	os: [],
	wire: ["base"],
	crypto: ["base"],
	pki: ["base", "crypto"],
	record: ["base", "wire", "crypto"],
	messages: ["base", "wire", "crypto", "record"],
	handshake: ["base", "wire", "crypto", "pki", "type:messages"],
	engine: ["base", "wire", "crypto", "pki", "record", "handshake", "type:messages"],
	// The stack object holds registry, trust, keys, sessions and tickets; protocol rooms (wire, record, messages) stay closed to it.
	io: ["base", "os", "crypto", "pki", "engine", "handshake"],
	entry: ["base", "os", "wire", "crypto", "pki", "record", "messages", "handshake", "engine", "io"],
};
/** What programs on top may import of modules/; the engine's classes only as types: an entry point makes them. Options are told in numbers of wire/registry. */
const above = ["base", "os", "wire", "crypto", "pki", "io", "entry", "type:engine", "type:handshake"];
/** What a program makes and keeps beside connections. */
const kept = ["modules/handshake/early-data", "modules/handshake/session", "modules/handshake/session-store", "modules/handshake/ticket-keys"];
/** Hosts that are one program: the command starts the simulator, and the simulator's other end is a Node client. */
const oneProgram = ["hosts/node", "hosts/sim"];

/** Names for people. */
const texts = /^modules\/.*-text$/;

const modules = sourcesOf("modules");
const hosts = sourcesOf("hosts");
const examples = sourcesOf("examples");

function floorOf(path: string): string {
	const parts = path.split("/");
	return parts.length > 2 ? parts[1] : "entry";
}

function allows(list: string[], floor: string, typeOnly: boolean): boolean {
	return list.includes(floor) || (typeOnly && (floor === "os" || list.includes(`type:${floor}`)));
}

function isOurs({ target }: Import): boolean {
	return target.startsWith("modules/") || target.startsWith("hosts/") || target.startsWith("examples/") || target.startsWith("test/");
}

/** Walks all imports of some files and collects what `complain` says about them. */
function complaintsOf(sources: Source[], complain: (source: Source, one: Import) => string | undefined): string[] {
	const complaints: string[] = [];
	for (const source of sources)
		for (const one of source.imports) {
			const complaint = complain(source, one);
			if (complaint !== undefined) complaints.push(at(source, one.line, complaint));
		}
	return complaints;
}

test("modules import only what their floor may", () => {
	refuse(
		complaintsOf(modules, (source, one) => {
			const own = floorOf(source.path);
			const list = floors[own];
			if (list === undefined) return `${own} is no floor of the house: put the file on one, or add the floor to the table in test/house/imports.test.ts`;
			if (!isOurs(one)) {
				if (source.path.startsWith("modules/crypto/noble/") && one.specifier.startsWith("@noble/")) return undefined;
				return `imports ${one.specifier}: what a host gives comes in through an interface of os or crypto/types`;
			}
			if (!one.target.startsWith("modules/")) return `imports ${one.target}, which is no module`;
			const floor = floorOf(one.target);
			if (floor === own || allows(list, floor, one.typeOnly)) return undefined;
			if (list.includes(`type:${floor}`) || floor === "os") return `imports a value from ${floor}: only types may come from there (import type)`;
			return `${own} may not import ${floor} (${one.target})`;
		}),
		"A floor imports only floors below it. Move what both need down, or hand it in from the entry point.",
	);
});

test("only programs and entry points name the noble provider and the texts of failures", () => {
	refuse(
		complaintsOf(modules, (source, one) => {
			if (texts.test(one.target)) return `imports ${one.target}, which no device links: keep numbers here, and make texts in a host`;
			if (!one.target.startsWith("modules/crypto/noble/") || source.path.startsWith("modules/crypto/noble/")) return undefined;
			return `imports ${one.target}: a provider is registered by the host`;
		}).concat(
			complaintsOf(
				hosts.filter(({ path }) => path.startsWith("hosts/moddable/")),
				(_source, one) =>
					/^modules\/(crypto\/noble\/|base\/failure-text)/.test(one.target) ? `imports ${one.target}, which never goes to a device` : undefined,
			),
		),
		"What isn't named isn't linked.",
	);
});

test("no import between a tls- and a dtls- file", () => {
	const sideOf = (path: string): string => /(?:^|\/)(tls|dtls)-[^/]*$/.exec(path)?.[1] ?? "";
	refuse(
		complaintsOf(modules, (source, one) => {
			const mine = sideOf(source.path);
			const other = sideOf(one.target);
			return mine && other && mine !== other ? `imports ${one.target}` : undefined;
		}),
		"The two transports share code by a file without prefix, or through handshake/variant.",
	);
});

test("hosts and examples stand on the entry points", () => {
	const roomOf = (path: string): string => path.split("/").slice(0, 2).join("/");
	refuse(
		complaintsOf([...hosts, ...examples], (source, one) => {
			if (!isOurs(one)) {
				const device = source.path.startsWith("hosts/moddable/") || source.path.startsWith("examples/");
				return device && one.specifier.startsWith("node:") ? `imports ${one.specifier}: this also runs on a device` : undefined;
			}
			if (one.target.startsWith("modules/")) {
				const floor = floorOf(one.target);
				if (one.target === "modules/platform" || one.target === "modules/native") return undefined;
				return allows(above, floor, one.typeOnly) || kept.includes(one.target)
					? undefined
					: `imports ${one.target}: hosts and examples take entry points, io, os, pki, crypto, base, and types of the engine`;
			}
			if (one.target.startsWith("test/")) return `imports ${one.target}: tests stand on the program, not the program on tests`;
			const mine = roomOf(source.path);
			const other = roomOf(one.target);
			if (other === "hosts/moddable" && /^examples\/[^/]+\/moddable\//.test(source.path)) return undefined; // the example's main module for this host
			if (mine === other || /^hosts\/[^/]+$/.test(one.target) || (oneProgram.includes(mine) && oneProgram.includes(other))) return undefined;
			return `imports ${one.target}: ${mine} and ${other} don't know each other`;
		}),
		"A host or an example knows nobody's insides.",
	);
});

test("imports are spelled so that every tool finds them", () => {
	refuse(
		complaintsOf([...modules, ...hosts, ...examples, ...sourcesOf("test")], (source, one) => {
			const inModules = source.path.startsWith("modules/");
			if (one.specifier.startsWith(".")) {
				if (!/\.(js|mjs|json)$/.test(one.specifier)) return `${one.specifier}: end a relative import in .js`;
				if (!inModules && one.target.startsWith("modules/")) return `${one.specifier}: import modules as polltls/${one.target.slice("modules/".length)}`;
			} else if (one.specifier.startsWith("polltls/")) {
				if (inModules) return `${one.specifier}: inside modules/ import by a relative path`;
				if (/\.(js|ts)$/.test(one.specifier)) return `${one.specifier}: no ending here, the SDK's build can't resolve it`;
			}
			return undefined;
		}),
		"./x.js inside a tree, polltls/floor/file from outside.",
	);
});

test("portable suites import nothing of Node", () => {
	refuse(
		complaintsOf(
			sourcesOf("test").filter(({ path }) => path.startsWith("test/suite/")),
			(_source, one) => (/^(node:|@|esbuild)/.test(one.specifier) && !one.specifier.startsWith("@noble/") ? `imports ${one.specifier}` : undefined),
		),
		"test/suite runs on XS too.",
	);
});

test("no barrels and no default exports in modules", () => {
	const complaints = complaintsOf(modules, (_source, one) => (one.passedOn ? `passes on ${one.specifier}: let the user import it where it stands` : undefined));
	for (const source of modules)
		for (const node of source.program.body as { type: string; loc: { start: { line: number } } }[])
			if (node.type === "ExportDefaultDeclaration") complaints.push(at(source, node.loc.start.line, "a default export: give it its name"));
	refuse(complaints, "A name is exported once, by the file that it stands in.");
});

// Types that name each other are erased, and a table of steps and its context can't do without.
test("no cycles", () => {
	const graph = new Map<string, string[]>();
	for (const source of [...modules, ...hosts, ...examples])
		graph.set(
			source.path.replace(/\.(ts|mjs)$/, ""),
			source.imports.filter((one) => isOurs(one) && !one.typeOnly).map(({ target }) => target),
		);
	const done = new Set<string>();
	const cycles: string[] = [];
	const visit = (path: string, trail: string[]): void => {
		const again = trail.indexOf(path);
		if (again >= 0) cycles.push([...trail.slice(again), path].join(" -> "));
		if (again >= 0 || done.has(path)) return;
		for (const next of graph.get(path) ?? []) visit(next, [...trail, path]);
		done.add(path);
	};
	for (const path of graph.keys()) visit(path, []);
	refuse(cycles, "Files import each other in a circle: move what both need to a third one.");
});
