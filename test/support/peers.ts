// The programs that the interop tests talk to. One that isn't installed skips its tests with the reason, or fails
// them where REQUIRE_PEERS=1 says that all must be there (.ci/run does).
//
//     test("curl reads a page", async (t) => {
//         const curl = requirePeer(t, "curl");
//         if (!curl) return;
//         const { stdout } = await run(curl.path, ["--cacert", pki.ca, url]);
//     });

import { spawnSync } from "node:child_process";
import { accessSync, constants } from "node:fs";
import { delimiter, join } from "node:path";

export interface Peer {
	name: PeerName;
	path: string;
	/** "3.0.22" */
	version: string;
}

/** For each peer: the programs that serve, how they tell their version, and the Debian package that has it. */
const peers = {
	openssl: { programs: ["openssl"], version: ["version"], package: "openssl" },
	"gnutls-cli": { programs: ["gnutls-cli"], version: ["--version"], package: "gnutls-bin" },
	"gnutls-serv": { programs: ["gnutls-serv"], version: ["--version"], package: "gnutls-bin" },
	curl: { programs: ["curl"], version: ["--version"], package: "curl" },
	nginx: { programs: ["nginx", "/usr/sbin/nginx"], version: ["-v"], package: "nginx-light" },
	chromium: { programs: ["chromium", "chromium-browser", "google-chrome"], version: ["--version"], package: "chromium" },
	mosquitto: { programs: ["mosquitto", "/usr/sbin/mosquitto"], version: ["-h"], package: "mosquitto" },
	"coap-client": { programs: ["coap-client-openssl", "coap-client-gnutls", "coap-client"], version: ["-V"], package: "libcoap3-bin" },
} as const;

export type PeerName = keyof typeof peers;

const found = new Map<PeerName, Peer | string>();

function pathOf(program: string): string | undefined {
	const candidates = program.startsWith("/") ? [program] : (process.env.PATH ?? "").split(delimiter).map((folder) => join(folder, program));
	return candidates.find((path) => {
		try {
			accessSync(path, constants.X_OK);
			return true;
		} catch {
			return false;
		}
	});
}

/** The peer, or the reason why there is none. */
export function findPeer(name: PeerName): Peer | string {
	let peer = found.get(name);
	if (peer !== undefined) return peer;
	const { programs, version, package: debian } = peers[name];
	const path = programs.map(pathOf).find((each) => each !== undefined);
	if (path === undefined) peer = `${name} isn't installed (Debian: apt-get install ${debian})`;
	else {
		const { stdout, stderr, error } = spawnSync(path, [...version], { encoding: "utf8", timeout: 20_000, env: { ...process.env, OPENSSL_CONF: "" } });
		const number = /\d+\.\d+(\.\d+)*[a-z]?/.exec(`${stdout ?? ""}${stderr ?? ""}`);
		peer = error ? `${path} doesn't start: ${error.message}` : { name, path, version: number?.[0] ?? "of unknown version" };
	}
	found.set(name, peer);
	return peer;
}

/** What of node:test's context a peer needs. */
export interface Skipping {
	skip(reason: string): void;
	diagnostic(text: string): void;
}

/** The peer; without it the test is skipped with the reason (the caller returns), or fails with REQUIRE_PEERS=1. */
export function requirePeer(t: Skipping, name: PeerName): Peer | undefined {
	const peer = findPeer(name);
	if (typeof peer !== "string") {
		t.diagnostic(`${name} ${peer.version}`);
		return peer;
	}
	if (process.env.REQUIRE_PEERS === "1") throw new Error(peer);
	t.skip(peer);
	return undefined;
}
