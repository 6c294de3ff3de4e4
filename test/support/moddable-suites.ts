// Runs the portable suites (test/suite) in an image for the Linux simulator, with all of modules/ in flash and native ciphers
// and hashes where Node and xsnap have noble's. For test/moddable/suites*.test.ts.

import assert from "node:assert/strict";
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join, relative } from "node:path";
import { test } from "node:test";
import { projectRoot } from "../../hosts/sim/bundle.js";
import { closureOf } from "../../tools/manifests.js";
import { longIntegerVectors } from "./long-integer-vectors.js";
import { buildImage, type Image, runImage } from "./moddable-image.js";
import { pkiChains } from "./pki-chains.js";
import { requirePsa } from "./psa.js";

/** Seconds for one suite. */
const PATIENCE = 300;

/** Not in the image, and why. */
const leftOut: [RegExp, string][] = [
	[/\/crypto-noble$/, "noble itself: no device has it"],
	[/\/(crypto-sim|sim-crypto)$/, "the simulated device's provider"],
];

const suites = readdirSync(join(projectRoot, "test", "suite"), { recursive: true, encoding: "utf8" })
	.map((name) => `test/suite/${name}`)
	.filter((path) => path.endsWith(".ts") && readFileSync(join(projectRoot, path), "utf8").includes("export const cases"))
	.map((path) => path.slice(0, -".ts".length))
	.filter((path) => !leftOut.some(([which]) => which.test(path)))
	.sort();

/** What the suites call noble's and our own arithmetic's, in one image. */
export interface Provider {
	title: string;
	/** The image's name. */
	name: string;
	manifest: string;
	isPsa?: boolean;
	debug?: boolean;
	/** Those suites only. */
	only?: RegExp;
	/** Suites of its own: modules of its image. */
	own?: string[];
	/** Cases that don't fit it, and why. */
	without?: [string, string][];
}

/** Builds the image of a provider with all suites in it. */
function imageOf(name: string, manifest: string, files: readonly string[], debug: boolean): Image {
	const folder = join(projectRoot, "build", "moddable", `${name}-manifest`);
	mkdirSync(folder, { recursive: true });
	const modules: Record<string, string> = {};
	for (const file of files) if (!/^(modules|hosts)\//.test(file)) modules[`project/${file}`] = join(projectRoot, file);
	writeFileSync(join(folder, "globals.json"), JSON.stringify({ longIntegerVectors, pkiChains }));
	writeFileSync(join(folder, "manifest.json"), JSON.stringify({ include: [join(projectRoot, manifest)], modules }));
	return buildImage(name, relative(projectRoot, join(folder, "manifest.json")), { data: [join(folder, "globals.json")], debug });
}

/** Makes the test of an image: its suites and their cases are tests of their own. */
export function testSuites(provider: Provider): void {
	const { title, name, manifest, isPsa = false, debug = false, only = /./, own = [], without = [] } = provider;
	test(`portable suites in an image, ${title}`, { timeout: 3_000_000 }, async (context) => {
		if (isPsa && !requirePsa(context)) return;
		const files = await closureOf(suites.map((path) => `${path}.ts`));
		const image = imageOf(name, manifest, files, debug);
		for (const suite of [...suites.filter((path) => only.test(path)).map((path) => `project/${path}`), ...own])
			await context.test(suite.replace(/^project\/test\/suite\//, ""), async (suiteContext) => {
				const { status, lines } = runImage(image, PATIENCE, { SUITE: suite, WITHOUT: without.map(([name]) => name).join("\n") });
				let passed = 0;
				for (const line of lines) {
					const result = /^(ok|not ok) - (.*)$/.exec(line);
					if (!result) continue;
					await suiteContext.test(result[2], () => assert.equal(result[1], "ok", line));
					passed++;
				}
				assert.equal(status, 0, lines.filter((line) => !line.startsWith("ok")).join("\n"));
				assert.ok(passed > 0, "no cases ran");
			});
	});
}
