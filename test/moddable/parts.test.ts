// Each manifest that an application can include: linked for an ESP32, with what it takes of flash and RAM (docs/moddable.md), and read
// for the other platforms that mcconfig knows without their SDKs.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { projectRoot } from "../../hosts/sim/bundle.js";
import { configure, linkerWarnings } from "../support/moddable-image.js";
import { partSize, parts, rowOf, writeEmptyApp } from "../support/moddable-parts.js";

/** What may change in flash beside the modules' import.meta: what all sockets share, and the symbols by which two kinds of sockets know their own. */
const OTHERS = 3;
/** How far the table may be off, as a part of a figure. */
const TOLERANCE = 0.03;

const page = readFileSync(join(projectRoot, "docs", "moddable.md"), "utf8");
const rows = page.split("\n").filter((line) => line.startsWith("| `manifest"));

for (const manifest of parts)
	test(`${manifest} for an ESP32: no warning, and what docs/moddable.md says`, { timeout: 400_000 }, (context) => {
		const size = partSize(manifest);
		assert.deepEqual(linkerWarnings(size.output), []);
		assert.ok(size.others <= OTHERS, `${size.others} things in flash can change`);
		const row = rowOf(manifest, size);
		context.diagnostic(row);
		const [title] = row.slice(2).split(" | ");
		const told = rows.find((line) => line.startsWith(`| ${title} |`));
		assert.ok(told, `docs/moddable.md lacks ${manifest}: node --import tsx tools/moddable-sizes.ts`);
		const [flash, ram] = [...told.matchAll(/\| (\d+)( KB)? (?=\|)/g)].map((match) => Number(match[1])).slice(-2);
		const near = (is: number, said: number): boolean => Math.abs(is - said) <= TOLERANCE * said + 1;
		assert.ok(near(size.flash / 1024, flash) && near(size.ram, ram), `docs/moddable.md says ${told}; it is ${row}`);
	});

for (const [platform, expected] of [
	["mac", undefined],
	["nrf52", undefined],
	["esp32/esp32c3", undefined],
	["esp32/esp32s3", undefined],
	["gecko", "polltls: this platform is not supported (esp32, lin, mac, win, pico, nrf52 and zephyr are)"],
] as const)
	test(`manifest.json on ${platform}: ${expected === undefined ? "is read" : "is refused with a word"}`, { timeout: 200_000 }, () => {
		const name = `part-${platform.replace("/", "-")}`;
		const { status, output } = configure(`parts/${name}/out`, writeEmptyApp(name, ["manifest.json"]), platform);
		if (expected === undefined) assert.equal(status, 0, output);
		else assert.match(output, new RegExp(expected.replace(/[()]/g, "\\$&")));
	});
