// Writes the manifests of the Moddable build: manifest.json with all of modules/, and one for each part, with just the
// modules that its files import. Run it after adding, renaming or newly importing a module:
//
//     npm run manifests
//
// test/house/manifest.test.ts fails while a manifest isn't as this would write it.

import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join, relative, sep } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { build } from "esbuild";

const root = fileURLToPath(new URL("../", import.meta.url));
/** What no device has, and why. */
export const notOnDevices: readonly [RegExp, string][] = [
	[/^modules\/crypto\/noble\//, "noble writes module-level typed arrays and takes 1.3 MB"],
	[/^modules\/.*-text$/, "texts are for people at a desktop"],
];
/** Named by the platforms of hosts/moddable/manifest.json, which each part includes. */
const ofPlatforms = /^hosts\/moddable\/(.*\/)?store$/;

const TCP = "$(MODDABLE)/modules/io/manifest.json";
interface Part {
	/** What it is for. */
	about: string;
	/** The files that an application names. */
	files: readonly string[];
	/** Has all of modules/, whether files need it or not. */
	all?: boolean;
	include?: readonly string[];
	modules?: Record<string, string>;
	preload?: readonly string[];
	config?: Record<string, unknown>;
}

const parts: Record<string, Part> = {
	"manifest.json": {
		about: "All of polltls: TLS and DTLS, clients and servers, for applications that poll it or use hosts/moddable.",
		all: true,
		files: ["hosts/moddable/device.ts", "hosts/moddable/run.ts", "hosts/moddable/registry.ts"],
		include: [TCP],
	},
	"manifest_https.json": {
		about: "What a web server with an identity of its own making needs, polled: examples/https-device.",
		files: [
			...["modules/tls-server.ts", "modules/io/stream-pump.ts", "modules/pki/issue.ts", "modules/crypto/public-key/ec-generate.ts"],
			...["hosts/moddable/device.ts", "hosts/moddable/run.ts", "hosts/moddable/registry.ts"],
		],
		include: [TCP],
	},
};

function filesOf(folder: string): string[] {
	return readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
		.filter((entry) => entry.isFile() && entry.name.endsWith(".ts"))
		.map((entry) => relative(root, join(entry.parentPath, entry.name)).split(sep).join("/"));
}

/** All files of ours that some files import as values, themselves included, without their ending. */
export async function closureOf(files: readonly string[]): Promise<string[]> {
	const { metafile } = await build({
		absWorkingDir: root,
		entryPoints: [...files],
		tsconfig: "tsconfig.moddable.json",
		bundle: true,
		write: false,
		metafile: true,
		outdir: "build",
		format: "esm",
		logLevel: "silent",
		plugins: [
			{
				name: "the SDK's modules",
				setup({ onResolve }) {
					onResolve({ filter: /^[^.]/ }, ({ path, kind }) => (kind === "entry-point" || path.startsWith("polltls/") ? undefined : { path, external: true }));
				},
			},
		],
	});
	return Object.keys(metafile.inputs).map((path) => path.replace(/\.ts$/, ""));
}

/** The same, with the modules that hosts import as types: the SDK's build finds a module only if a manifest names it. */
async function wholeClosureOf(files: readonly string[]): Promise<string[]> {
	const closure = await closureOf(files);
	const named = new Set(files);
	for (const file of closure.filter((path) => path.startsWith("hosts/")))
		for (const [, specifier] of readFileSync(join(root, `${file}.ts`), "utf8").matchAll(/ from "polltls\/([^"]+)";/g)) named.add(`modules/${specifier}.ts`);
	return named.size > files.length ? closureOf([...named]) : closure;
}

function specifierOf(file: string): string {
	return file.replace(/^modules\//, "polltls/").replace(/^hosts\/moddable\//, "polltls/moddable/");
}

/** The text of each manifest, by its name. */
export async function manifests(): Promise<Record<string, string>> {
	const texts: Record<string, string> = {};
	for (const [name, { about, all, files, include = [], modules: own = {}, preload: ownPreload = [], config }] of Object.entries(parts)) {
		const everything = all ? filesOf("modules").map((path) => path.replace(/\.ts$/, "")) : [];
		const closure = new Set(
			[...everything, ...(await wholeClosureOf(files))].filter((file) => !notOnDevices.some(([which]) => which.test(file)) && !ofPlatforms.test(file)),
		);
		const modules: Record<string, string[]> = {};
		const preload: string[] = [];
		for (const file of [...closure].sort()) {
			const specifier = specifierOf(file);
			preload.push(specifier);
			const folder = specifier.slice(0, specifier.lastIndexOf("/") + 1);
			const list = modules[`${folder}*`] ?? [];
			modules[`${folder}*`] = list;
			list.push(`./${file}`);
		}
		texts[name] = `${JSON.stringify(
			{ "//": about, include: ["./hosts/moddable/manifest.json", ...include], modules: { ...modules, ...own }, preload: [...preload, ...ownPreload], config },
			null,
			"\t",
		)}\n`;
	}
	return texts;
}

if (import.meta.url === pathToFileURL(process.argv[1]).href) {
	for (const [name, text] of Object.entries(await manifests())) writeFileSync(join(root, name), text);
}
