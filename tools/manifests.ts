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

/** What stands in for a module in images: the same in C. */
export const inImages: Record<string, string> = {
	"modules/base/bytes": "hosts/moddable/native/bytes-native",
	"modules/crypto/public-key/edwards-steps": "hosts/moddable/native/edwards-steps-native",
	"modules/crypto/public-key/jacobian-steps": "hosts/moddable/native/jacobian-steps-native",
	"modules/crypto/public-key/ladder-steps": "hosts/moddable/native/ladder-steps-native",
	"modules/crypto/public-key/montgomery-reduce": "hosts/moddable/native/montgomery-reduce-native",
	"modules/crypto/public-key/point-choice": "hosts/moddable/native/point-choice-native",
};

const TLS_MODULE: Record<string, string> = { "embedded:io/socket/tcp/tls": "./hosts/moddable/ecma/tls" };
const DTLS_MODULE: Record<string, string> = { "embedded:io/socket/udp/dtls": "./hosts/moddable/ecma/dtls" };
const TCP = "$(MODDABLE)/modules/io/manifest.json";
const DNS = "$(MODDABLE)/examples/io/udp/dns/manifest_dns.json";
interface Part {
	/** What it is for. */
	about: string;
	/** The files that an application names. */
	files: readonly string[];
	/** Has all of modules/, whether files need it or not. */
	all?: boolean;
	include?: readonly string[];
	modules?: Record<string, string>;
	/** Files that stand in for others. */
	instead?: Record<string, string>;
	preload?: readonly string[];
}

/** One of the SDK's clients over TLS, ready in device.network. */
function client(name: string, what: string, manifest: string): Part {
	const about = `The SDK's ${what} over TLS, as device.network.${name}: in place of the SDK's own manifest for it.`;
	return entry(name, about, ["./manifest_tls_client.json", manifest]);
}

/** An entry of device.network. */
function entry(name: string, about: string, include: readonly string[], files: readonly string[] = []): Part {
	const config = `polltls/moddable/config/${name}`;
	return {
		about,
		files,
		include,
		modules: { [config]: `./hosts/moddable/config/${name}`, "polltls/moddable/config/secured": "./hosts/moddable/config/secured" },
		preload: ["polltls/moddable/config/secured", config],
	};
}

const parts: Record<string, Part> = {
	"manifest.json": {
		about: "All of polltls: TLS and DTLS, clients and servers, for applications that poll it or use hosts/moddable.",
		all: true,
		files: [
			...["hosts/moddable/device.ts", "hosts/moddable/run.ts", "hosts/moddable/secure-socket.ts", "hosts/moddable/tls-listener.ts"],
			...["hosts/moddable/dtls-listener.ts"],
		],
		include: [TCP],
		modules: { ...TLS_MODULE, ...DTLS_MODULE },
		preload: Object.keys({ ...TLS_MODULE, ...DTLS_MODULE }),
	},
	"manifest_https.json": {
		about: "What a web server with an identity of its own making needs, polled: examples/https-device.",
		files: [
			...["modules/tls-server.ts", "modules/io/stream-pump.ts", "modules/pki/issue.ts", "modules/crypto/public-key/ec-generate.ts"],
			...["hosts/moddable/device.ts", "hosts/moddable/run.ts", "hosts/moddable/registry.ts"],
		],
		include: [TCP],
	},
	"manifest_coaps.json": {
		about: "What a CoAP server needs, polled: examples/coaps-device.",
		files: [
			"modules/dtls-server.ts",
			...["hosts/moddable/datagram-network.ts", "hosts/moddable/device.ts", "hosts/moddable/run.ts", "hosts/moddable/registry.ts"],
		],
		include: [TCP],
	},
	"manifest_tls_client.json": {
		about: "The module embedded:io/socket/tcp/tls: TLS 1.3 and 1.2 clients.",
		files: ["hosts/moddable/tls-socket.ts"],
		include: [TCP],
		modules: TLS_MODULE,
		preload: Object.keys(TLS_MODULE),
	},
	"manifest_tls13_client.json": {
		about: "The module embedded:io/socket/tcp/tls with TLS 1.3 alone.",
		files: ["hosts/moddable/tls-socket.ts"],
		instead: { "hosts/moddable/open-client": "hosts/moddable/open-client13" },
		include: [TCP],
		modules: TLS_MODULE,
		preload: Object.keys(TLS_MODULE),
	},
	"manifest_tls_server.json": {
		about: "TlsListener (polltls/moddable/tls-listener), for the SDK's HTTP server and others.",
		files: ["hosts/moddable/tls-listener.ts"],
		instead: { "hosts/moddable/open-client": "hosts/moddable/open-no-client" },
		include: [TCP],
	},
	"manifest_dtls_client.json": {
		about: "The module embedded:io/socket/udp/dtls: DTLS 1.3 and 1.2 clients.",
		files: ["hosts/moddable/dtls-socket.ts"],
		include: [TCP],
		modules: DTLS_MODULE,
		preload: Object.keys(DTLS_MODULE),
	},
	"manifest_dtls_server.json": {
		about: "DtlsListener (polltls/moddable/dtls-listener), and DtlsSocket for its clients' sockets.",
		files: ["hosts/moddable/dtls-listener.ts"],
		instead: { "hosts/moddable/open-dtls-client": "hosts/moddable/open-no-dtls-client" },
		include: [TCP],
	},
	"manifest_dtls_psk.json": {
		about: "The module embedded:io/socket/udp/dtls for pre-shared keys alone: no signatures, one group.",
		files: ["hosts/moddable/dtls-socket.ts"],
		instead: { "hosts/moddable/registry": "hosts/moddable/registry-psk" },
		include: [TCP],
		modules: DTLS_MODULE,
		preload: Object.keys(DTLS_MODULE),
	},
	"manifest_securesocket.json": {
		about: "The module securesocket, for the SDK's older HTTP, WebSocket and MQTT clients: in place of $(MODDABLE)/modules/crypt/tls.json.",
		files: ["hosts/moddable/secure-socket.ts"],
		include: [TCP, "$(MODDABLE)/modules/network/socket/manifest.json"],
		modules: { securesocket: "./hosts/moddable/ecma/securesocket" },
		preload: ["securesocket"],
	},
	"manifest_psa.json": {
		about: "The PSA Crypto API (Mbed TLS) in place of the SDK's natives and of sliced arithmetic: included before the other manifest of polltls.",
		files: ["hosts/moddable/registry-psa.ts"],
		instead: { "hosts/moddable/registry": "hosts/moddable/registry-psa" },
		include: ["./hosts/moddable/psa/manifest.json"],
	},
	"manifest_httpsclient.json": client("https", "HTTP client", "$(MODDABLE)/examples/io/tcp/httpclient/manifest_httpclient.json"),
	"manifest_mqttsclient.json": client("mqtts", "MQTT client", "$(MODDABLE)/examples/io/tcp/mqttclient/manifest_mqttclient.json"),
	"manifest_coapsclient.json": entry(
		"coaps",
		"Our CoAP client over DTLS, as device.network.coaps.",
		["./manifest_dtls_client.json", DNS],
		["hosts/moddable/coap-client.ts"],
	),
	"manifest_tlssocket.json": entry("tls", "The TLS socket itself as device.network.tls.", ["./manifest_tls_client.json", DNS]),
	"manifest_dtlssocket.json": entry("dtls", "The DTLS socket itself as device.network.dtls.", ["./manifest_dtls_client.json", DNS]),
	"manifest_wssclient.json": client("wss", "WebSocket client", "$(MODDABLE)/examples/io/tcp/websocketclient/manifest_websocketclient.json"),
};

function filesOf(folder: string): string[] {
	return readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
		.filter((entry) => entry.isFile() && entry.name.endsWith(".ts"))
		.map((entry) => relative(root, join(entry.parentPath, entry.name)).split(sep).join("/"));
}

/** All files of ours that some files import as values, themselves included, without their ending. instead: files that stand in for others. */
export async function closureOf(files: readonly string[], instead: Record<string, string> = {}): Promise<string[]> {
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
					const standIn = (path: string): { path: string } | undefined =>
						instead[path] === undefined ? undefined : { path: join(root, `${instead[path]}.ts`) };
					onResolve({ filter: /^\./ }, ({ path, resolveDir }) => standIn(relative(root, join(resolveDir, path)).split(sep).join("/").replace(/\.js$/, "")));
					onResolve({ filter: /^[^.]/ }, ({ path, kind }) => {
						if (path.startsWith("polltls/")) return standIn(path.replace(/^polltls\//, "modules/"));
						return kind === "entry-point" ? undefined : { path, external: true };
					});
				},
			},
		],
	});
	return Object.keys(metafile.inputs).map((path) => path.replace(/\.ts$/, ""));
}

/** The same, with the modules that hosts import as types: the SDK's build finds a module only if a manifest names it. */
async function wholeClosureOf(files: readonly string[], instead: Record<string, string>): Promise<string[]> {
	if (files.length === 0) return [];
	const closure = await closureOf(files, instead);
	const named = new Set(files);
	for (const file of closure.filter((path) => path.startsWith("hosts/")))
		for (const [, specifier] of readFileSync(join(root, `${file}.ts`), "utf8").matchAll(/ from "polltls\/([^"]+)";/g)) named.add(`modules/${specifier}.ts`);
	return named.size > files.length ? closureOf([...named], instead) : closure;
}

function specifierOf(file: string): string {
	return file.replace(/^modules\//, "polltls/").replace(/^hosts\//, "polltls/");
}

/** The text of each manifest, by its name. */
export async function manifests(): Promise<Record<string, string>> {
	const texts: Record<string, string> = {};
	for (const [name, { about, all, files, include = [], modules: own = {}, preload: ownPreload = [], instead: others = {} }] of Object.entries(parts)) {
		const instead = { ...inImages, ...others };
		const everything = all ? filesOf("modules").map((path) => path.replace(/\.ts$/, "")) : [];
		const closure = new Set(
			[...everything, ...(await wholeClosureOf(files, instead))].filter(
				(file) => !notOnDevices.some(([which]) => which.test(file)) && !ofPlatforms.test(file) && !(file in instead),
			),
		);
		// What stands in for another is named before whole folders: the SDK takes the first, also where a manifest that follows has the other in its folder
		const single: Record<string, string> = {};
		const folders: Record<string, string[]> = {};
		const preload: string[] = [];
		for (const file of [...closure].sort()) {
			const standsFor = Object.keys(instead).find((other) => instead[other] === file);
			const specifier = specifierOf(standsFor ?? file);
			preload.push(specifier);
			if (standsFor !== undefined) {
				single[specifier] = `./${file}`;
				continue;
			}
			const folder = specifier.slice(0, specifier.lastIndexOf("/") + 1);
			folders[`${folder}*`] = [...(folders[`${folder}*`] ?? []), `./${file}`];
		}
		texts[name] = `${JSON.stringify(
			{
				"//": about,
				include: ["./hosts/moddable/manifest.json", ...include],
				modules: { ...single, ...folders, ...own },
				preload: [...preload, ...ownPreload],
			},
			null,
			"\t",
		)}\n`;
	}
	return texts;
}

if (import.meta.url === pathToFileURL(process.argv[1]).href) {
	for (const [name, text] of Object.entries(await manifests())) writeFileSync(join(root, name), text);
}
