// Writes docs/configuration.md from the source of the configuration (modules/io/configuration.ts): every setting with its
// defaults, limits and text. Run it after a change there:
//
//     npm run docs
//
// test/house/configuration.test.ts fails while the page isn't as this would write it.

import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { configurationLimits, defaultConfiguration, originalConfiguration, type Setting } from "polltls/io/configuration";

const root = fileURLToPath(new URL("../", import.meta.url));
const SOURCE = "modules/io/configuration.ts";
export const PAGE = "docs/configuration.md";

interface Row {
	section: string;
	name: Setting;
	text: string;
}

/** The settings in the order of the interface, each with its comment. */
function rows(): Row[] {
	const source = readFileSync(join(root, SOURCE), "utf8");
	const body = /export interface Configuration \{\n([\s\S]*?)\n\}/.exec(source)?.[1];
	if (body === undefined) throw new Error(`${SOURCE} has no interface Configuration`);
	const found: Row[] = [];
	let section = "";
	let text = "";
	for (const line of body.split("\n")) {
		const heading = /^\t\/\/ (.*)$/.exec(line);
		const comment = /^\t\/\*\* (.*) \*\/$/.exec(line);
		const setting = /^\treadonly (\w+): (number|boolean);$/.exec(line);
		if (heading) section = heading[1];
		else if (comment) text = comment[1];
		else if (setting) {
			if (text === "") throw new Error(`${setting[1]} has no comment of one line`);
			found.push({ section, name: setting[1] as Setting, text });
			text = "";
		} else if (line.trim() !== "") throw new Error(`not understood: ${line}`);
	}
	const missing = Object.keys(defaultConfiguration).filter((name) => !found.some((row) => row.name === name));
	if (missing.length > 0) throw new Error(`no row for ${missing.join(", ")}`);
	return found;
}

function shown(value: number | boolean): string {
	return typeof value === "boolean" ? (value ? "on" : "off") : String(value);
}

/** "What it is. Ours: why." in two sentences of a cell. */
function cell({ name, text }: Row): string {
	const differs = originalConfiguration[name] !== defaultConfiguration[name];
	const [what, why] = text.split(/ Ours: /);
	if (differs && why === undefined) throw new Error(`${name} has another default than the original and doesn't say why ("Ours: ...")`);
	return why === undefined ? what : `${what} *Ours:* ${why}`;
}

/** The page. */
export function configurationPage(): string {
	const lines = [
		"# Configuration",
		"",
		`The settings of a stack (\`stack.init({...})\`, modules/io/module.ts): one object, checked as a whole. Made from ${SOURCE} by \`npm run docs\`; change it there.`,
		"",
		"* What isn't given has our default. `originalConfiguration` of the same file has the original's numbers, for firmware that counts on them.",
		"* Lengths and sizes are in bytes unless the name or the text says otherwise.",
		"* A name that doesn't exist, a wrong kind, a number beyond its limits, or two settings that don't fit together are PARAM_ERR, and `stack.complaint` names them.",
		'* Under Moddable the values may stand in the application\'s manifest, `"config": { "polltls": { "maxConnections": 4 } }`: see hosts/moddable/configuration.ts.',
		"* Settings marked *without effect* are taken and checked so that an existing configuration can be carried over as it is.",
	];
	let section = "";
	for (const row of rows()) {
		if (row.section !== section) {
			section = row.section;
			lines.push("", `## ${section}`, "", "| setting | original | default | limits | |", "|---|---|---|---|---|");
		}
		const { name } = row;
		const limits = configurationLimits[name];
		const isOurs = section === "Beyond the original";
		lines.push(
			`| \`${name}\` | ${isOurs ? "" : shown(originalConfiguration[name])} | ${shown(defaultConfiguration[name])} | ${limits ? limits.join(" to ") : "on, off"} | ${cell(row)} |`,
		);
	}
	return `${lines.join("\n")}\n`;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) writeFileSync(join(root, PAGE), configurationPage());
