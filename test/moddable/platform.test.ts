// What the component takes of its platform, in an image for Linux: the store on the SDK's preferences and what a restart leaves
// of it, clocks that are set and not set, entropy. With preferences of a common size, and with those of pico and nrf52.

import assert from "node:assert/strict";
import { rmSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { projectRoot } from "../../hosts/sim/bundle.js";
import { buildImage, type Image, runImage } from "../support/moddable-image.js";

/** Runs a job; its checks become tests. */
async function check(context: { test(name: string, run: () => void): Promise<void> }, image: Image, job: string, least: number): Promise<void> {
	const { status, lines } = runImage(image, 30, { JOB: job });
	const results = lines.map((line) => /^(ok|not ok) - (.*)$/.exec(line)).filter((found) => found !== null);
	for (const [line, result, name] of results) await context.test(name, () => assert.equal(result, "ok", line));
	assert.equal(status, 0, lines.join("\n"));
	assert.ok(results.length >= least, lines.join("\n"));
}

for (const pieceSize of [1000, 48])
	test(`the store, ${pieceSize} bytes in a preference`, async (context) => {
		const root = join(projectRoot, "build", "moddable", `platform-${pieceSize}-`);
		rmSync(`${root}modpreferences.json`, { force: true });
		const image = buildImage("polltls-platform", "test/moddable/platform/manifest.json", { config: { file: { root }, polltlsSockets: { pieceSize } } });
		await check(context, image, "store", 6);
		await check(context, image, "again", 2);
		if (pieceSize === 1000) await check(context, image, "clocks", 6);
	});
