// The manifest of the Moddable build names every module: a pattern in "preload" silently matches no TypeScript file.

import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { filesOf, projectRoot, refuse } from "./sources.js";

interface Manifest {
	modules: Record<string, unknown>;
	preload: string[];
}

/** Not on any device, and why. */
const notOnDevices: [RegExp, string][] = [
	[/^polltls\/crypto\/noble\//, "noble writes module-level typed arrays and takes 1.3 MB"],
	[/^polltls\/.*-text$/, "texts are for people at a desktop"],
];

const path = join(projectRoot, "manifest.json");

function readManifest(): Manifest {
	assert.ok(existsSync(path), "manifest.json is missing: the Moddable build includes this stack by it");
	return JSON.parse(readFileSync(path, "utf8")) as Manifest;
}

test("every module is preloaded by name", () => {
	const { preload } = readManifest();
	const names = filesOf("modules")
		.filter((file) => file.endsWith(".ts"))
		.map((file) => `polltls/${file.slice("modules/".length, -".ts".length)}`);
	assert.ok(names.length > 10);
	const left = names.filter((name) => !preload.includes(name) && !notOnDevices.some(([which]) => which.test(name)));
	refuse(left, 'Add these to "preload" in manifest.json, or say in test/house/manifest.test.ts why no device has them.');
	const wrong = preload.filter((name) => name.includes("*") || (name.startsWith("polltls/") && notOnDevices.some(([which]) => which.test(name))));
	refuse(wrong, 'Take these out of "preload": a pattern matches nothing, and the others cannot be in flash.');
	refuse(
		preload.filter((name) => /^polltls\/.+\//.test(name) && !names.includes(name)),
		'These are in "preload" and in no folder.',
	);
});

test("every folder of modules has its line in the manifest", () => {
	const { modules } = readManifest();
	const folders = new Set(filesOf("modules").map((file) => file.slice(0, file.lastIndexOf("/"))));
	refuse(
		[...folders]
			.filter((folder) => !/^modules\/crypto\/noble/.test(folder))
			.map((folder) => (folder === "modules" ? "polltls/*" : `polltls/${folder.slice("modules/".length)}/*`))
			.filter((name) => !(name in modules)),
		'Add these to "modules" in manifest.json: a pattern doesn\'t reach into folders.',
	);
});
