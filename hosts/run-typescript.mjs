// Runs a TypeScript main module of this project after a plain `npm install`: bundled by esbuild into build/main, and
// bundled anew only when a source has changed. Plain JavaScript, because it is what starts everything else.

import { mkdirSync, readFileSync, renameSync, statSync, writeFileSync } from "node:fs";
import { basename, join, resolve } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));
const folder = join(root, "build", "main");

function stamp(path) {
	try {
		const { size, mtimeMs } = statSync(resolve(root, path));
		return `${size} ${mtimeMs}`;
	} catch {
		return "";
	}
}

/** Whether the bundle that was kept is of these sources. */
function isFresh(list) {
	try {
		const sources = JSON.parse(readFileSync(list, "utf8"));
		for (const path in sources) if (stamp(path) !== sources[path]) return false;
		return true;
	} catch {
		return false;
	}
}

function write(path, text) {
	const part = `${path}.${process.pid}`;
	writeFileSync(part, text);
	renameSync(part, path); // whoever runs at the same time sees the old file or the new one
}

function give(message) {
	process.stderr.write(`polltls: ${message}\n`);
	process.exit(1);
}

/** Imports the main module (a path from the project's root). */
export async function runTypeScript(entry) {
	if (Number(process.versions.node.split(".")[0]) < 20) give(`Node 20 or later is needed, this is ${process.versions.node}`);
	const name = basename(entry, ".ts");
	const output = join(folder, `${name}.mjs`);
	const list = join(folder, `${name}.json`);
	if (!isFresh(list)) {
		let esbuild;
		try {
			esbuild = await import("esbuild");
		} catch {
			give(
				`the packages that it needs are not installed: run \`npm install\` in ${root} and look for its errors (it compiles the XS engine, which takes a C compiler and make)`,
			);
		}
		const options = {
			absWorkingDir: root,
			entryPoints: [entry],
			bundle: true,
			format: "esm",
			platform: "node",
			target: "node20",
			packages: "external",
			tsconfig: join(root, "tsconfig.json"),
			outfile: output,
			sourcemap: "inline",
			write: false,
			metafile: true,
			logLevel: "silent",
		};
		let result;
		try {
			result = await esbuild.build(options);
		} catch (error) {
			give(`${entry} can't be bundled: ${error.message}\nIf a package is missing run \`npm install\`.`);
		}
		const sources = {};
		for (const path of Object.keys(result.metafile.inputs)) sources[path] = stamp(path);
		mkdirSync(folder, { recursive: true });
		write(output, result.outputFiles[0].text);
		write(list, JSON.stringify(sources));
	}
	await import(pathToFileURL(output).href);
}
