// TypeScript to one script for the XS engine, kept in build/xs until a source changes. For Node.

import { createHash } from "node:crypto";
import { mkdirSync, readFileSync, renameSync, statSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import type { BuildOptions } from "esbuild";

/** The folder with package.json, found upwards of this file so that a bundled copy finds it too. */
export const projectRoot = findRoot();

function findRoot(): string {
	for (let url = new URL(".", import.meta.url); ; url = new URL("..", url)) {
		try {
			const path = fileURLToPath(url);
			if (JSON.parse(readFileSync(join(path, "package.json"), "utf8")).name === "polltls") return path;
		} catch (error) {
			if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
		}
		if (url.pathname === "/") throw new Error("the project's package.json is missing");
	}
}

/** What a kept bundle was made of: each source with its size and time of change. */
type Sources = Record<string, string>;

function stamp(path: string): string {
	try {
		const { size, mtimeMs } = statSync(resolve(projectRoot, path));
		return `${size} ${mtimeMs}`;
	} catch {
		return "";
	}
}

/**
 * One script (an IIFE) of an entry: a path from the project's root, or source text that imports such paths.
 *
 *     await worker.evaluate(await bundleForXs({ source: `import "./test/suite/x.js";` }));
 */
export async function bundleForXs(entry: string | { source: string }): Promise<string> {
	const options: BuildOptions = {
		absWorkingDir: projectRoot,
		bundle: true,
		format: "iife",
		target: "es2022", // XS 13.3 runs all of it
		platform: "neutral",
		mainFields: ["module", "main"],
		conditions: ["import"],
		charset: "utf8",
		legalComments: "none",
		tsconfig: join(projectRoot, "tsconfig.json"), // polltls/* -> modules/*
	};
	if (typeof entry === "string") options.entryPoints = [entry];
	else options.stdin = { contents: entry.source, resolveDir: projectRoot, loader: "ts", sourcefile: "xs-entry.ts" };

	const name = createHash("sha256").update(JSON.stringify(options)).digest("hex").slice(0, 16);
	const folder = join(projectRoot, "build", "xs");
	const kept = readKept(folder, name);
	if (kept !== undefined) return kept;

	const { build } = await import("esbuild"); // loaded only when needed: a kept bundle starts at once
	const result = await build({ ...options, write: false, metafile: true, logLevel: "silent" });
	const text = result.outputFiles[0].text;
	const sources: Sources = {};
	for (const path of Object.keys(result.metafile.inputs)) if (path !== "xs-entry.ts") sources[path] = stamp(path);
	mkdirSync(folder, { recursive: true });
	keep(join(folder, `${name}.js`), text);
	keep(join(folder, `${name}.json`), JSON.stringify({ sources, hash: hashOf(text) }));
	return text;
}

function readKept(folder: string, name: string): string | undefined {
	try {
		const { sources, hash } = JSON.parse(readFileSync(join(folder, `${name}.json`), "utf8")) as { sources: Sources; hash: string };
		for (const path in sources) if (stamp(path) !== sources[path]) return undefined;
		const text = readFileSync(join(folder, `${name}.js`), "utf8");
		return hashOf(text) === hash ? text : undefined; // two builds at once may mix
	} catch {
		return undefined;
	}
}

function hashOf(text: string): string {
	return createHash("sha256").update(text).digest("hex");
}

/** Writes under another name first: a reader sees the old file or the new one, never a part. */
function keep(path: string, text: string): void {
	const part = `${path}.${process.pid}`;
	writeFileSync(part, text);
	renameSync(part, path);
}
