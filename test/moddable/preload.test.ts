// All of modules/ in flash: an image for the Linux simulator, and the link of one for the ESP32. Preloading forbids what
// Node allows: see PLATFORM facts in CONTRIBUTING.md. Nothing of ours may cost RAM there.

import assert from "node:assert/strict";
import { test } from "node:test";
import { buildImage, linkerWarnings, linkForEsp32, runImage } from "../support/moddable-image.js";

function assertConstant(output: string): void {
	assert.deepEqual(linkerWarnings(output), [], "something in flash could change: Object.freeze it, or keep it in an object that is made at run time");
}

test("all of modules/ in an image for Linux", { timeout: 500_000 }, (context) => {
	const image = buildImage("polltls-preload-test", "test/moddable/preload/manifest.json", { checked: true });
	assertConstant(image.output);
	const { status, lines } = runImage(image, 30);
	for (const line of lines) context.diagnostic(line);
	assert.equal(status, 0, lines.join("\n"));
});

test("all of modules/ linked for an ESP32", { timeout: 500_000 }, () => {
	assertConstant(linkForEsp32("esp32-preload", "test/moddable/preload"));
});

for (const example of ["https-device", "coaps-device", "https-get"])
	test(`examples/${example} linked for an ESP32`, { timeout: 500_000 }, () => {
		assertConstant(linkForEsp32(`esp32-${example}`, `examples/${example}`));
	});
