// Writes the table of docs/moddable.md: what each manifest takes of a device. Needs MODDABLE:
//
//     node --import tsx tools/moddable-sizes.ts
//
// test/moddable/parts.test.ts fails while the table is off.

import { readFileSync, writeFileSync } from "node:fs";
import { partSize, parts, rowOf } from "../test/support/moddable-parts.js";

const page = new URL("../docs/moddable.md", import.meta.url);
const [before, rest] = readFileSync(page, "utf8").split("<!-- sizes -->\n");
const [, after] = rest.split("<!-- end of sizes -->\n");
const head = "| include | for | modules | flash | RAM before use, bytes |\n|---|---|---|---|---|";
const rows = parts.map((manifest) => rowOf(manifest, partSize(manifest)));
writeFileSync(page, `${before}<!-- sizes -->\n${[head, ...rows].join("\n")}\n<!-- end of sizes -->\n${after}`);
