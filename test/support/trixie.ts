// Programs and libraries of Debian trixie for tests on an older Debian: fetched with apt from the mirror that this machine is
// configured for, and unpacked into a cache folder outside the repository. Nothing is installed.

import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import type { Skipping } from "./peers.js";
import { type Ending, type Program, projectRoot, start, temporaryFolder } from "./processes.js";

const release = "trixie";
const multiarch = "x86_64-linux-gnu";

/** The mirrors of this machine's Debian, from its own configuration. */
function mirrors(): string[] {
	const { stdout } = spawnSync("apt-get", ["indextargets", "--format", "$(SITE)", "Created-By: Packages"], { encoding: "utf8", timeout: 20_000 });
	const sites = [...new Set((stdout ?? "").split("\n").filter((site) => site !== "" && !site.includes("security")))];
	return sites;
}

function apt(folder: string, args: string[], cwd: string): { ok: boolean; text: string } {
	const options = {
		"Dir::Etc::SourceList": join(folder, "sources.list"),
		"Dir::Etc::SourceParts": join(folder, "no-parts"),
		"Dir::State::Lists": join(folder, "lists"),
		"Dir::State::status": join(folder, "status"),
		"Dir::Cache": join(folder, "cache"),
		"APT::Sandbox::User": "root",
	};
	const all = Object.entries(options).flatMap(([name, value]) => ["-o", `${name}=${value}`]);
	const { status, stdout, stderr, error } = spawnSync("apt-get", [...all, "-q", ...args], { cwd, encoding: "utf8", timeout: 240_000 });
	return { ok: status === 0, text: error?.message ?? `${stdout}${stderr}`.trim().split("\n").slice(-3).join("; ") };
}

/** A folder with these packages unpacked, or why there is none. */
export function trixiePackages(name: string, packages: readonly string[]): string | { missing: string } {
	if (process.arch !== "x64" || process.platform !== "linux") return { missing: `${release}'s packages are unpacked for x86-64 Linux only` };
	const cache = join(process.env.XDG_CACHE_HOME ?? join(homedir(), ".cache"), "polltls", `${release}-${name}`);
	const root = join(cache, "root");
	if (existsSync(root)) return root;
	const [site] = mirrors();
	if (site === undefined) return { missing: "apt knows no mirror here" };
	for (const folder of ["lists/partial", "cache/archives/partial", "no-parts", "debs"]) mkdirSync(join(cache, folder), { recursive: true });
	writeFileSync(join(cache, "sources.list"), `deb [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] ${site} ${release} main\n`);
	writeFileSync(join(cache, "status"), "");
	const debs = join(cache, "debs");
	for (const step of [["update"], ["download", ...packages]]) {
		const { ok, text } = apt(cache, step, debs);
		if (!ok) return { missing: `apt-get ${step[0]} for ${release}: ${text}` };
	}
	const unpacked = join(cache, `unpacking-${process.pid}`);
	mkdirSync(unpacked);
	for (const prefix of packages) {
		const { status, stderr } = spawnSync("sh", ["-c", `dpkg-deb -x "$1"/"$2"_*.deb "$3"`, "sh", debs, prefix, unpacked], { encoding: "utf8" });
		if (status !== 0) return { missing: `dpkg-deb: ${stderr}` };
	}
	try {
		renameSync(unpacked, root);
	} catch {
		rmSync(unpacked, { recursive: true, force: true }); // another test was faster
	}
	for (const folder of ["lists", "debs", "cache"]) rmSync(join(cache, folder), { recursive: true, force: true });
	return root;
}

/** How a program of such a folder is called: with its own loader and libraries. */
export function trixieProgram(root: string, program: string): { path: string; args: string[]; libraries: string } {
	const libraries = join(root, "usr/lib", multiarch);
	const loader = join(libraries, "ld-linux-x86-64.so.2");
	return {
		path: loader,
		args: ["--library-path", `${libraries}:${join(libraries, "nss")}`, program.startsWith("/") ? program : join(root, "usr/bin", program)],
		libraries,
	};
}

/** What a small program of ours in C is built on. */
export interface TrixieProgram {
	/** For the cache folder and for the reason of a skipped test. */
	name: string;
	packages: readonly string[];
	/** In test/support. */
	source: string;
	/** File names of the libraries. */
	libraries: readonly string[];
}

/** Builds the program; without the packages or a compiler the test is skipped with the reason, or fails with REQUIRE_PEERS=1. */
export function buildTrixieProgram(t: Ending & Skipping, { name, packages, source, libraries }: TrixieProgram): ((...args: string[]) => Program) | undefined {
	const root = trixiePackages(name, packages);
	let missing = typeof root === "string" ? "" : root.missing;
	if (typeof root === "string") {
		const program = join(temporaryFolder(t), name);
		const { path, args, libraries: folder } = trixieProgram(root, program);
		// Against this machine's libc headers; the libraries' own libc is there at run time only
		const sources = [`-I${join(root, "usr/include")}`, `-I${join(root, "usr/include", multiarch)}`, join(projectRoot, "test/support", source)];
		const linked = ["-o", program, `-L${folder}`, ...libraries.map((library) => `-l:${library}`), "-Wl,--unresolved-symbols=ignore-in-shared-libs"];
		const { status, stderr, error } = spawnSync("cc", [...sources, ...linked], { encoding: "utf8", timeout: 30_000 });
		if (status === 0) return (...own) => start(t, path, [...args, ...own]);
		missing = error?.message ?? stderr;
	}
	if (process.env.REQUIRE_PEERS === "1") throw new Error(missing);
	t.skip(`${name}: ${missing}`);
	return undefined;
}
