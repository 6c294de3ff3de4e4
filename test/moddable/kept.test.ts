// The RAM that is kept for us before we are used, and for our modules when they are imported: an image with all of them, and one without.

import assert from "node:assert/strict";
import { join } from "node:path";
import { test } from "node:test";
import { projectRoot } from "../../hosts/sim/bundle.js";
import { buildImage, runImage } from "../support/moddable-image.js";
import { writeEmptyApp } from "../support/moddable-parts.js";

test("nothing of ours is in RAM before it is used, and next to nothing after it is imported", { timeout: 400_000 }, (context) => {
	const kept = (name: string, include: string[], modules: string): number[][] => {
		const app = writeEmptyApp(name, include, {
			include: [join(projectRoot, "test/moddable/kept/manifest.json"), ...include.map((path) => join(projectRoot, path))],
			creation: { main: "test/kept/main" },
		});
		const { status, lines } = runImage(buildImage(name, `${app}/manifest.json`), 30, { MODULES: modules });
		assert.equal(status, 0, lines.join("\n"));
		return lines.slice(-3).map((line) => line.split(" ").map(Number));
	};
	const [none] = kept("part-kept-none", [], "");
	const entries = "polltls/moddable/tls-socket polltls/moddable/tls-listener polltls/moddable/dtls-socket polltls/tls-server polltls/dtls-server";
	const [all, , imported] = kept("part-kept-all", ["manifest.json"], entries);
	context.diagnostic(
		`at start ${all[0]} slots and ${all[1]} bytes of chunks, without us ${none[0]} and ${none[1]}; imported ${imported[0]} and ${imported[1]}`,
	);
	assert.deepEqual(all, none);
	assert.ok(imported[0] - none[0] <= 16 && imported[1] - none[1] <= 512, `imported: ${imported}`);
});
