// Every portable suite in an image for the Linux simulator, with all of modules/ in flash and the SDK's native ciphers and
// hashes where Node and xsnap have noble's.

import assert from "node:assert/strict";
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join, relative } from "node:path";
import { test } from "node:test";
import { projectRoot } from "../../hosts/sim/bundle.js";
import { closureOf } from "../../tools/manifests.js";
import { longIntegerVectors } from "../support/long-integer-vectors.js";
import { buildImage, type Image, runImage } from "../support/moddable-image.js";
import { pkiChains } from "../support/pki-chains.js";
import { requirePsa } from "../support/psa.js";

/** Seconds for one suite. */
const PATIENCE = 300;

/** Not in the image, and why. */
const leftOut: [RegExp, string][] = [
	[/\/crypto-noble$/, "noble itself: no device has it"],
	[/\/(crypto-sim|sim-crypto)$/, "the simulated device's provider"],
	[/\/crypto-generic$/, "asks noble for its answers; crypto.test.ts runs these cases on the SDK's natives"],
];

const suites = readdirSync(join(projectRoot, "test", "suite"), { recursive: true, encoding: "utf8" })
	.map((name) => `test/suite/${name}`)
	.filter((path) => path.endsWith(".ts") && readFileSync(join(projectRoot, path), "utf8").includes("export const cases"))
	.map((path) => path.slice(0, -".ts".length))
	.filter((path) => !leftOut.some(([which]) => which.test(path)))
	.sort();

/** What doesn't fit native jobs. */
const notPsa: [string, string][] = [
	["a budget bounds a step", "a native job is one step: its algorithm is marked unsliced"],
	[
		"ECDSA: two signatures differ, as each is hedged with fresh randomness",
		"its nonces are RFC 6979's, without fresh randomness: nothing depends on the library's generator",
	],
];

interface Provider {
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

/** What the suites call noble's and our own arithmetic's. */
const providers: Provider[] = [
	{ title: "with the SDK's natives", name: "polltls-suites", manifest: "test/moddable/suites/manifest.json" },
	{
		title: "with the PSA provider",
		name: "polltls-suites-psa",
		manifest: "test/moddable/suites/psa/manifest.json",
		isPsa: true,
		own: ["test/suites/psa/cases"],
		without: notPsa,
	},
	// The engine checks more there, and frees memory at other moments
	{ title: "as debug image", name: "polltls-suites", manifest: "test/moddable/suites/manifest.json", debug: true, only: /\/pair\/(tls13|tls12|dtls)$|\/io\// },
];

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

const files = await closureOf(suites.map((path) => `${path}.ts`));
for (const { title, name, manifest, isPsa = false, debug = false, only = /./, own = [], without = [] } of providers)
	test(`portable suites in an image, ${title}`, { timeout: 3_000_000 }, async (context) => {
		if (isPsa && !requirePsa(context)) return;
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
