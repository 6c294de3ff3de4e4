// Bench images for the SDK's Linux simulator: built, run, and their figures read. Needs MODDABLE.

import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { projectRoot } from "../../hosts/sim/bundle.js";
import { inImages } from "../../tools/manifests.js";
import { buildImage, type Image, runImage } from "../support/moddable-image.js";

export interface BenchImage {
	name: string;
	/** The main module, from test/moddable/bench; what it imports of this project is found by itself. */
	main: string;
	/** What it takes of the SDK, as manifests name it. */
	sdk: { include: string[]; modules: Record<string, string>; preload: string[] };
	/** Whether the bench's own modules are in flash, too, as a device's application is: then a collection looks at nothing but what runs. */
	isPreloaded?: boolean;
	/** The heap's sizes as manifests have them; by default large, so that garbage is rarely collected, but no larger than a processor's cache. */
	creation?: object;
}

/** Bytes of chunks, slots. */
const largeHeap = { chunk: { initial: 2 << 20, incremental: 0 }, heap: { initial: 12288, incremental: 256 }, stack: 1024 };

/** Folders by the names that their modules have in an image: those of tsconfig.moddable.json, the longest first. */
const folders: readonly [string, string][] = [
	["hosts/moddable/", "polltls/moddable/"],
	["modules/", "polltls/"],
	["test/bench/suite/", "bench/"],
	["test/moddable/bench/", ""],
	["test/moddable/", "test/"],
];

function at(path: string): string {
	return join(projectRoot, path);
}

/** The path of what a source imports, without ending; undefined if it is the SDK's. */
function pathOf(importer: string, specifier: string): string | undefined {
	if (specifier.startsWith(".")) return join(dirname(importer), specifier.replace(/\.js$/, ""));
	for (const [folder, prefix] of folders) if (prefix !== "" && specifier.startsWith(prefix)) return folder + specifier.slice(prefix.length);
	return undefined;
}

/** The module itself and all sources of this project that it imports, types too: the SDK's compiler wants to see them. */
function sourcesOf(path: string, found = new Set<string>()): Set<string> {
	if (found.has(path)) return found;
	found.add(path);
	for (const [, specifier] of readFileSync(at(`${path}.ts`), "utf8").matchAll(/^(?:import|export) [^;]*?from "([^"]+)";$/gm)) {
		const target = pathOf(path, specifier);
		if (target !== undefined) sourcesOf(target, found);
	}
	return found;
}

function manifestOf(image: BenchImage): object {
	const { main, sdk, creation = largeHeap } = image;
	const modules: Record<string, string> = {};
	const preload: string[] = [];
	const start = `test/moddable/bench/${main}`;
	for (const path of sourcesOf(start)) {
		const [folder, prefix] = folders.find(([place]) => path.startsWith(place)) ?? ["", ""];
		const name = path === start ? "main" : prefix + path.slice(folder.length);
		modules[name] = at(inImages[path] ?? path);
		if (image.isPreloaded === true || name.startsWith("polltls/")) preload.push(name); // into flash, as on a device
	}
	return {
		include: ["$(MODDABLE)/examples/manifest_base.json", "$(MODULES)/crypt/digest/manifest.json", ...sdk.include],
		creation,
		modules: { ...modules, ...sdk.modules },
		preload: [...preload, ...sdk.preload],
	};
}

export function buildBenchImage(image: BenchImage): Image {
	const folder = at(`build/moddable/${image.name}`);
	mkdirSync(folder, { recursive: true });
	const manifest = join(folder, "bench-manifest.json");
	writeFileSync(manifest, JSON.stringify(manifestOf(image), undefined, "\t"));
	return buildImage(image.name, relative(projectRoot, manifest));
}

/** Builds an image and runs it once with each of the settings (JSON); answers what the lines "figures JSON" of each run say. */
export function runBenchImages(image: BenchImage, settings: readonly unknown[], seconds: number): unknown[][] {
	const built = buildBenchImage(image);
	return settings.map((one) => run(built, one, seconds));
}

function run(image: Image, settings: unknown, seconds: number): unknown[] {
	const { status, lines } = runImage(image, seconds, { BENCH_SETTINGS: JSON.stringify(settings) });
	const figures = lines.filter((line) => line.startsWith("figures "));
	if (status !== 0) throw new Error(`the image ended with ${status}:\n${lines.filter((line) => !line.startsWith("figures ")).join("\n")}`);
	return figures.map((line) => JSON.parse(line.slice("figures ".length)) as unknown);
}
