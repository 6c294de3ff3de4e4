// Builds an image for the SDK's Linux simulator and runs it without a screen. Needs MODDABLE (the Moddable SDK with
// its tools built) and gcc; where it isn't set, tests of images fail and say so. Only npm run test:moddable runs them.
//
//     const image = buildImage("polltls-crypto-test", "test/moddable/crypto/manifest.json");
//     const { status, lines } = runImage(image, 60);

import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, statSync, writeFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import { projectRoot } from "../../hosts/sim/bundle.js";
import { type Ending, type Program, start } from "./processes.js";

const { MODDABLE } = process.env;
/** Why there are no images here, if there are none. */
export const MODDABLE_MISSING =
	process.platform !== "linux"
		? "images run on Linux only"
		: MODDABLE === undefined || MODDABLE === ""
			? "MODDABLE isn't set: set it to the Moddable SDK's folder, with the tools for Linux built"
			: undefined;

const environment = {
	...process.env,
	PATH: [join(projectRoot, "node_modules", ".bin"), process.env.PATH, join(MODDABLE ?? "", "build", "bin", "lin", "release")].join(delimiter),
};

/** Throws where no image can be built. */
function requireSdk(): void {
	if (MODDABLE_MISSING !== undefined) throw new Error(MODDABLE_MISSING);
}

function run(program: string, args: string[], seconds: number, variables: Record<string, string> = {}): { status: number; output: string } {
	const env = { ...environment, ...variables };
	const { status, stdout, stderr, error, signal } = spawnSync(program, args, { env, encoding: "utf8", timeout: seconds * 1000, maxBuffer: 0x4000000 });
	if (error && status === null && !signal) throw new Error(`${program} doesn't start: ${error.message}`);
	return { status: status ?? -1, output: `${stdout}${stderr}` };
}

/** The runner of images, compiled when it isn't there or its source is newer. */
function runnerOf(folder: string): string {
	const runner = join(folder, "mcrunner");
	const source = join(projectRoot, "tools", "mcrunner.c");
	if (existsSync(runner) && statSync(runner).mtimeMs >= statSync(source).mtimeMs) return runner;
	const glib = run("pkg-config", ["--cflags", "--libs", "gio-2.0"], 20);
	if (glib.status !== 0) throw new Error(`the runner needs GLib: ${glib.output}`);
	const flags = glib.output.trim().split(/\s+/);
	const screen = `-I${join(MODDABLE ?? "", "build", "simulators", "modules")}`;
	const compiled = run("gcc", ["-O1", source, screen, "-o", runner, ...flags, "-rdynamic", "-ldl"], 60);
	if (compiled.status !== 0) throw new Error(compiled.output);
	return runner;
}

/** An image, built. */
export interface Image {
	path: string;
	runner: string;
	/** What the compilers and the linker said. */
	output: string;
}

export interface ImageOptions {
	/** Files to put beside the code, for Resource. */
	data?: readonly string[];
	/** Checks types as an application's build does; takes ten times as long. */
	checked?: boolean;
	/** Added to the manifest's config. */
	config?: Record<string, unknown>;
	/** Builds that follow one another in the same folder share the engine's, which takes long: its name; else the image's own. */
	folder?: string;
	/** Prints where what is thrown. */
	debug?: boolean;
}

/**
 * Builds the image of a manifest (a path from the project's root) under build/moddable/NAME, where NAME is its
 * build.NAME. Throws with the compiler's words if it fails.
 */
export function buildImage(name: string, manifest: string, options: ImageOptions = {}): Image {
	const { data = [], checked = false, config = {}, debug = false, folder: shared = name } = options;
	requireSdk();
	const folder = join(projectRoot, "build", "moddable");
	const out = join(folder, shared);
	mkdirSync(out, { recursive: true });
	const whole = join(out, shared === name ? "manifest.json" : `${name}.json`);
	const text = JSON.stringify({
		build: { NAME: name },
		include: [join(projectRoot, manifest)],
		data: { "*": data.map((path) => path.replace(/\.[^.]+$/, "")) },
		config,
		...(checked ? {} : { typescript: { compiler: join(projectRoot, "tools", "transpile.sh") } }),
	});
	writeFileSync(whole, text);
	const { status, output } = run("mcconfig", [...(debug ? ["-d"] : []), "-m", "-p", "lin", "-t", "build", "-o", out, whole], 400);
	if (status !== 0) throw new Error(complaints(output));
	return { path: join(out, "bin", "lin", "mc", debug ? "debug" : "release", name, "mc.so"), runner: runnerOf(folder), output };
}

/**
 * Runs it to its end, or for that many seconds, with these environment variables; answers its exit code (124 if it had
 * to be ended) and the lines it printed.
 */
export function runImage(image: Image, seconds: number, variables?: Record<string, string>): { status: number; lines: string[] } {
	const { status, output } = run(image.runner, [image.path, String(seconds)], seconds + 10, variables);
	return { status, lines: output.split("\n").filter((line) => line !== "") };
}

/** Starts it in the background, for as many seconds at the most; its sockets are looked at every millisecond. */
export function startImage(t: Ending, image: Image, seconds: number, variables: Record<string, string> = {}): Program {
	return start(t, image.runner, [image.path, String(seconds)], { timeout: seconds * 1000 + 5000, env: { MCRUNNER_POLL: "1", ...variables } });
}

/**
 * TypeScript, XS compiler and linker for an ESP32 image of the app in a folder (from the project's root), without
 * ESP-IDF: no C is compiled. Throws with their words if one fails; answers what they said.
 */
export function linkForEsp32(name: string, app: string): string {
	requireSdk();
	const out = join(projectRoot, "build", "moddable", name);
	const { status, output } = run(join(projectRoot, "tools", "esp32-link-check.sh"), [join(projectRoot, app), out], 400);
	if (status !== 0) throw new Error(complaints(output));
	return output;
}

/** Reads the manifests of the app in a folder for a platform, and writes its makefile; nothing is compiled. */
export function configure(name: string, app: string, platform: string): { status: number; output: string } {
	requireSdk();
	const out = join(projectRoot, "build", "moddable", name);
	mkdirSync(out, { recursive: true });
	// Of ESP-IDF only the version is asked for
	return run("sh", [join(projectRoot, "tools", "esp32-link-check.sh"), join(projectRoot, app), out, platform], 200);
}

/** Without the lines that tell what is being done. */
function complaints(output: string): string {
	const lines = output.split("\n").filter((line) => !/^# (tsc|xsc|xsid|cc|copy|xsl|ld|mcconfig) /.test(line));
	return lines.slice(-60).join("\n");
}

/** What may change though its module is in flash, and what it costs. */
export const allowedWarnings: readonly [RegExp, string][] = [[/shared\(\) one: no const/, "what all sockets of an application share: a reference to it"]];

/** What the linker says of our modules, but for what is allowed: each line is something in flash that isn't constant, and costs RAM. */
export function linkerWarnings(output: string): string[] {
	return output
		.split("\n")
		.filter((line) => /### warning: (polltls|embedded:|securesocket|examples|hosts|https-|coaps-|mqtt-publish|websocket-echo)/.test(line))
		.filter((line) => !allowedWarnings.some(([which]) => which.test(line)));
}
