// NSS's tstclnt as a DTLS 1.3 client and server, from Debian trixie's packages.

import { spawnSync } from "node:child_process";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import type { Skipping } from "./peers.js";
import type { Identity } from "./pki.js";
import { type Ending, type Program, start, temporaryFolder } from "./processes.js";
import { trixiePackages, trixieProgram } from "./trixie.js";

const packages = ["libnss3-tools", "libnss3", "libnspr4", "libsqlite3-0", "libc6", "zlib1g"];

/** The unpacked tools; without them the test is skipped with the reason, or fails with REQUIRE_PEERS=1. */
export function requireNss(t: Skipping): string | undefined {
	const root = trixiePackages("nss", packages);
	if (typeof root === "string") return root;
	if (process.env.REQUIRE_PEERS === "1") throw new Error(root.missing);
	t.skip(`NSS: ${root.missing}`);
	return undefined;
}

/** A certificate database with the authority and the identity, named after its key. */
export class NssDatabase {
	readonly path: string;
	readonly #root: string;

	constructor(t: Ending, root: string, ca: string, identity: Identity) {
		this.#root = root;
		const folder = temporaryFolder(t);
		this.path = `sql:${join(folder, "db")}`;
		mkdirSync(join(folder, "db"));
		const bundle = join(folder, "identity.p12");
		const made = spawnSync(
			"openssl",
			["pkcs12", "-export", "-in", identity.certificate, "-inkey", identity.key, "-name", "own", "-out", bundle, "-passout", "pass:"],
			{
				encoding: "utf8",
			},
		);
		if (made.status !== 0) throw new Error(`openssl pkcs12: ${made.stderr}`);
		this.run("certutil", ["-N", "-d", this.path, "--empty-password"]);
		this.run("certutil", ["-A", "-d", this.path, "-n", "ca", "-t", "C,C,C", "-i", ca]);
		this.run("pk12util", ["-i", bundle, "-d", this.path, "-W", ""]);
	}

	/** Connects to our server; type into it, and close its input to end it. */
	startClient(t: Ending, port: number, extra: string[] = []): Program {
		return this.startTool(t, ["-P", "client", "-h", "127.0.0.1", "-a", "localhost", "-p", `${port}`, ...extra]);
	}

	/** Waits for our client; it serves one. */
	startServer(t: Ending, port: number, extra: string[] = []): Program {
		return this.startTool(t, ["-P", "server", "-h", "127.0.0.1", "-p", `${port}`, "-n", "own", ...extra]);
	}

	private startTool(t: Ending, args: string[]): Program {
		const { path, args: before } = trixieProgram(this.#root, "tstclnt");
		return start(t, path, [...before, ...args, "-d", this.path, "-V", "tls1.3:tls1.3"]);
	}

	private run(program: string, args: string[]): void {
		const { path, args: before } = trixieProgram(this.#root, program);
		const { status, stdout, stderr } = spawnSync(path, [...before, ...args], { encoding: "utf8", timeout: 20_000 });
		if (status !== 0) throw new Error(`${program}: ${stdout}${stderr}`);
	}
}
