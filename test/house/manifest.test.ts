// The manifest of the Moddable build names every module: a pattern in "preload" silently matches no TypeScript file.

import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { manifests, notOnDevices } from "../../tools/manifests.js";
import { filesOf, projectRoot, refuse } from "./sources.js";

interface Manifest {
	modules: Record<string, unknown>;
	preload: string[];
}

const path = join(projectRoot, "manifest.json");
const read = (): Manifest => JSON.parse(readFileSync(path, "utf8")) as Manifest;

test("the manifests are as tools/manifests.ts writes them", async () => {
	const stale: string[] = [];
	for (const [name, text] of Object.entries(await manifests()))
		if (!existsSync(join(projectRoot, name)) || readFileSync(join(projectRoot, name), "utf8") !== text) stale.push(name);
	refuse(stale, "A module was added, renamed or newly imported: npm run manifests.");
});

test("what stands in for another module is named before whole folders", async () => {
	const late: string[] = [];
	for (const [name, text] of Object.entries(await manifests())) {
		const { modules } = JSON.parse(text) as Manifest;
		let inFolders = false;
		for (const each of Object.keys(modules).filter((key) => key.startsWith("polltls/"))) {
			if (each.endsWith("/*")) inFolders = true;
			else if (inFolders && join(projectRoot, `${modules[each]}.ts`) !== sourceOf(each)) late.push(`${name}: ${each}`);
		}
	}
	refuse(late, "The SDK takes what is named first: a manifest that follows may have the other module in a folder of this name.");
});

test("every module is preloaded by name", () => {
	const { preload } = read();
	const names = filesOf("modules")
		.filter((file) => file.endsWith(".ts"))
		.map((file) => file.slice(0, -".ts".length));
	assert.ok(names.length > 10);
	const isLeftOut = (file: string): boolean => notOnDevices.some(([which]) => which.test(file));
	const nameOf = (file: string): string => `polltls/${file.slice("modules/".length)}`;
	refuse(
		names.filter((file) => isLeftOut(file) === preload.includes(nameOf(file))),
		'"preload" in manifest.json has all of modules/, but for what notOnDevices in tools/manifests.ts leaves out.',
	);
	refuse(
		preload.filter((name) => name.includes("*") || (name.startsWith("polltls/") && !existsSync(sourceOf(name)))),
		"These are preloaded, and there is no such file: a pattern matches nothing.",
	);
});

/** The file of a module that a manifest names. */
function sourceOf(name: string): string {
	const file = name.startsWith("polltls/moddable/") ? `hosts/moddable/${name.slice("polltls/moddable/".length)}` : `modules/${name.slice("polltls/".length)}`;
	return join(projectRoot, `${file}.ts`);
}

test("every folder of modules has its line in the manifest", () => {
	const { modules } = read();
	const folders = new Set(filesOf("modules").map((file) => file.slice(0, file.lastIndexOf("/"))));
	refuse(
		[...folders]
			.filter((folder) => !/^modules\/crypto\/noble/.test(folder))
			.map((folder) => (folder === "modules" ? "polltls/*" : `polltls/${folder.slice("modules/".length)}/*`))
			.filter((name) => !(name in modules)),
		"These are missing in manifest.json: a pattern doesn't reach into folders.",
	);
});
