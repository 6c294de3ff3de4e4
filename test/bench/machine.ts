// Where figures come from, in words without paths: the class of the machine and the versions of what was measured.

import { execFileSync } from "node:child_process";
import { cpus, totalmem } from "node:os";
import { findPeer } from "../support/peers.js";
import { projectRoot } from "../support/processes.js";

export interface Machine {
	date: string;
	/** "2 cores of AMD EPYC, 4 GB" */
	machine: string;
	node: string;
	openssl: string;
	/** The source's commit, with "+" if files have changed since. */
	source: string;
}

export function describeMachine(): Machine {
	const openssl = findPeer("openssl");
	const cores = cpus();
	return {
		date: new Date().toISOString().slice(0, 16).replace("T", " "),
		machine: `${cores.length} ${process.arch} cores, ${cores[0]?.model.trim() ?? "unknown"}, ${Math.round(totalmem() / 2 ** 30)} GB, ${process.platform}`,
		node: process.versions.node,
		openssl: typeof openssl === "string" ? openssl : openssl.version,
		source: commit(),
	};
}

function commit(): string {
	const git = (...args: string[]): string => execFileSync("git", args, { cwd: projectRoot, encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] }).trim();
	try {
		return `${git("rev-parse", "--short", "HEAD")}${git("status", "--porcelain", "modules", "hosts") === "" ? "" : "+"}`;
	} catch {
		return "unknown";
	}
}
