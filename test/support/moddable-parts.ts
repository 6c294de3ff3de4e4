// What each manifest of the component takes of a device, measured by linking an ESP32 image with it and one without. For the
// test of docs/moddable.md and for the tool that writes its table.

import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join, relative } from "node:path";
import { projectRoot } from "../../hosts/sim/bundle.js";
import { type ImageSize, imageSize } from "../../tools/image-size.js";
import { linkForEsp32 } from "./moddable-image.js";

/** What an image has without us: the SDK's modules that the component includes, but for its older sockets and clients. */
const BASE = ["$(MODDABLE)/examples/manifest_base.json", "$(MODDABLE)/modules/crypt/digest/manifest.json", "$(MODDABLE)/modules/io/manifest.json"];
/** Instead of the component's own manifest, which is more than one of its parts needs. */
const withOthers: Record<string, string[]> = { "manifest_psa.json": ["manifest_psa.json", "manifest_tls_client.json"] };

/** The manifests that an application includes. */
export const parts: readonly string[] = readdirSync(projectRoot)
	.filter((name) => /^manifest.*\.json$/.test(name))
	.sort();

/** Files of an app that does nothing, with these manifests; answers its folder, from the project's root. */
export function writeEmptyApp(name: string, include: readonly string[], more: Record<string, unknown> = {}): string {
	const folder = join(projectRoot, "build", "moddable", "parts", name);
	mkdirSync(folder, { recursive: true });
	writeFileSync(join(folder, "main.ts"), "export default function () {}\n");
	const manifest = {
		build: { NAME: name },
		creation: { main: "app/main" },
		include: [...BASE, ...include.map((path) => join(projectRoot, path))],
		modules: { "app/main": "./main" },
		preload: ["app/main"],
		typescript: { compiler: join(projectRoot, "tools", "transpile.sh") },
		...more,
	};
	writeFileSync(join(folder, "manifest.json"), JSON.stringify(manifest));
	return relative(projectRoot, folder);
}

function nameOf(manifest: string): string {
	return manifest.replace(/\.json$/, "").replace(/^manifest_?/, "part-") || "part-";
}

export interface PartSize extends ImageSize {
	/** What compilers and linker said. */
	output: string;
}

/** Links an image with these manifests for an ESP32. */
function sizeOf(name: string, include: readonly string[]): PartSize {
	const out = `parts/${name}/out`;
	const output = linkForEsp32(out, writeEmptyApp(name, include));
	const file = join(projectRoot, "build", "moddable", out, "tmp", "esp32", "release", name, "mc.xs.c");
	return { ...imageSize(readFileSync(file, "utf8")), output };
}

let base: PartSize | undefined;

/** What a manifest adds to an image. */
export function partSize(manifest: string): PartSize {
	base ??= sizeOf("part-none", []);
	const whole = sizeOf(nameOf(manifest), withOthers[manifest] ?? [manifest]);
	return {
		flash: whole.flash - base.flash,
		ram: whole.ram - base.ram,
		metas: whole.metas - base.metas,
		others: whole.others - base.others,
		output: whole.output,
	};
}

/** A line of the table in docs/moddable.md. */
export function rowOf(manifest: string, { flash, ram, metas }: ImageSize): string {
	const { "//": about } = JSON.parse(readFileSync(join(projectRoot, manifest), "utf8")) as { "//": string };
	const title = (withOthers[manifest] ?? [manifest]).map((name) => `\`${name}\``).join(", ");
	return `| ${title} | ${about} | ${metas} | ${Math.round(flash / 1024)} KB | ${ram} |`;
}
