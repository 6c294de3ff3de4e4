// openssl and gnutls in TLS 1.2, as servers and as clients, with one suite or all; and which suites each of them has.

import { execFileSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { BY_PSK, type Suite, suites } from "polltls/crypto/suites";
import { TLS_1_2 } from "polltls/wire/registry";
import { suiteName } from "polltls/wire/registry-text";
import type { PeerServer } from "./peer-servers.js";
import type { Peer } from "./peers.js";
import type { Identity, Pki } from "./pki.js";
import { type Ending, type Finished, freePort, listening, Program, run, start, temporaryFolder } from "./processes.js";

/** Every suite of 1.2 that this stack has. */
export const suites12: readonly Suite[] = suites.filter((suite) => suite.maximum === TLS_1_2);

export const pskKey = "0102030405060708090a0b0c0d0e0f10";
export const pskIdentity = "dev";

export interface Suite12 {
	/** The IANA name. */
	name: string;
	suite: Suite;
	/** What the peer calls it: openssl's cipher, gnutls' priority. */
	spelling: string;
}

/** Those of our suites that this openssl has. */
export function opensslSuites(peer: Peer): Suite12[] {
	const text = execFileSync(peer.path, ["ciphers", "-stdname", "ALL:PSK:@SECLEVEL=0"], { encoding: "utf8" });
	const names = new Map(text.split("\n").map((line) => line.split(/\s+-?\s*/, 2) as [string, string]));
	return suites12.flatMap((suite) => {
		const name = suiteName(suite.number);
		const spelling = names.get(name);
		return spelling === undefined ? [] : [{ name, suite, spelling: `${spelling}:@SECLEVEL=0` }];
	});
}

/** Those of our suites that this gnutls has. */
export function gnutlsSuites(peer: Peer): Suite12[] {
	const text = execFileSync(peer.path, ["--list"], { encoding: "utf8" });
	return suites12.flatMap((suite) => {
		const code = [suite.number >> 8, suite.number & 255].map((byte) => `0x${byte.toString(16).padStart(2, "0")}`).join(", ");
		return text.includes(code) ? [{ name: suiteName(suite.number), suite, spelling: gnutlsPriority12(suiteName(suite.number)) }] : [];
	});
}

/** TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA256 as a priority string of gnutls. */
export function gnutlsPriority12(name: string, more = ""): string {
	const [, exchange, rest] = /^TLS_(.+)_WITH_(.+)$/.exec(name) ?? [];
	const isBlock = /_CBC_/.test(rest);
	const cipher = rest.replace(isBlock ? /_SHA\d*$/ : /_SHA\d+$/, "").replaceAll("_", "-");
	const mac = isBlock ? /_SHA(\d*)$/.exec(rest)?.[1] || "1" : undefined;
	const macName = mac === undefined ? "AEAD" : `SHA${mac}`;
	const kx = exchange === "PSK_DHE" ? "DHE-PSK" : exchange.replaceAll("_", "-"); // RFC 6655 has a spelling of its own
	return `NORMAL:-VERS-ALL:+VERS-TLS1.2:-KX-ALL:+${kx}:-CIPHER-ALL:+${cipher}:-MAC-ALL:+${macName}${more}`;
}

/** Every suite of 1.2 that gnutls has, also those that it doesn't offer by itself. */
export const gnutlsAll12 =
	"NORMAL:-VERS-ALL:+VERS-TLS1.2:+PSK:+ECDHE-PSK:+DHE-PSK:+RSA:+DHE-RSA:+AES-128-CCM:+AES-256-CCM:+AES-128-CCM-8:+AES-256-CCM-8:+AES-128-CBC:+AES-256-CBC:+SHA256:+SHA384:+SHA1";

/** What our own command wants for a suite. */
export function oursFor({ name, suite }: Suite12): string[] {
	const args = ["--min", "1.2", "--max", "1.2", "--suites", name];
	return suite.authentication === BY_PSK ? [...args, "--psk", pskKey, "--psk-identity", pskIdentity] : args;
}

export interface Server12 {
	pki: Pki;
	/** openssl: without encrypt-then-MAC; gnutls takes it by its priority. */
	encryptThenMac?: boolean;
	/** openssl's ciphers, gnutls' priority; all if it isn't given. */
	spelling?: string;
	service?: "page" | "talk";
	clientCa?: string;
	/** openssl only: the option for its one version. */
	version?: string;
	extra?: string[];
}

/** openssl's configuration for what has no option. */
function withoutEncryptThenMac(t: Ending): Record<string, string> {
	const file = join(temporaryFolder(t), "openssl.cnf");
	writeFileSync(file, "openssl_conf = c\n[c]\nssl_conf = s\n[s]\nsystem_default = d\n[d]\nOptions = -EncryptThenMac\n");
	return { OPENSSL_CONF: file };
}

/** With certificates of both kinds and a PSK. */
export async function startOpensslServer12(t: Ending, peer: Peer, settings: Server12): Promise<PeerServer> {
	const { pki, encryptThenMac = true, spelling = "ALL:PSK:@SECLEVEL=0", service = "page", clientCa, version = "-tls1_2", extra = [] } = settings;
	const port = await freePort();
	const parameters = join(temporaryFolder(t), "dh.pem");
	execFileSync(peer.path, ["genpkey", "-genparam", "-algorithm", "DH", "-pkeyopt", "group:ffdhe2048", "-out", parameters], { stdio: "ignore" });
	const args = [
		"s_server",
		"-accept",
		`127.0.0.1:${port}`,
		"-cert",
		pki.ec.certificate,
		"-key",
		pki.ec.key,
		"-dcert",
		pki.rsa.certificate,
		"-dkey",
		pki.rsa.key,
	];
	args.push("-psk", pskKey, "-psk_identity", pskIdentity, version, "-cipher", spelling, "-dhparam", parameters);
	if (clientCa) args.push("-Verify", "2", "-verify_return_error", "-CAfile", clientCa);
	if (service === "page") args.push("-www");
	const program = start(t, peer.path, [...args, ...extra], { timeout: 300_000, ...(encryptThenMac ? {} : { env: withoutEncryptThenMac(t) }) });
	await program.waitFor(/ACCEPT/);
	return { port, program };
}

export async function startGnutlsServer12(t: Ending, peer: Peer, settings: Server12): Promise<PeerServer> {
	const { pki, spelling = gnutlsAll12, service = "page", clientCa, extra = [] } = settings;
	const port = await freePort();
	const passwords = join(temporaryFolder(t), "psk");
	writeFileSync(passwords, `${pskIdentity}:${pskKey}\n`);
	const args = [`--port=${port}`, `--x509certfile=${pki.ec.certificate}`, `--x509keyfile=${pki.ec.key}`, `--x509certfile=${pki.rsa.certificate}`];
	args.push(`--x509keyfile=${pki.rsa.key}`, `--pskpasswd=${passwords}`, `--priority=${spelling}`, service === "page" ? "--http" : "--echo");
	if (clientCa) args.push("--require-client-cert", "--verify-client-cert", `--x509cafile=${clientCa}`);
	else args.push("--disable-client-cert");
	const program = start(t, peer.path, [...args, ...extra], { timeout: 300_000 });
	await listening(port, program);
	return { port, program };
}

export interface Client12 {
	port: number;
	ca: string;
	one: Suite12;
	identity?: Identity;
	encryptThenMac?: boolean;
	extra?: string[];
}

const httpRequest = "GET / HTTP/1.0\r\nHost: localhost\r\n\r\n";

/** One GET; what openssl said about it. */
export function fetchWithOpenssl12(t: Ending, peer: Peer, { port, ca, one, identity, encryptThenMac = true, extra = [] }: Client12): Promise<Finished> {
	const args = ["s_client", "-connect", `127.0.0.1:${port}`, "-servername", "localhost", "-CAfile", ca, "-tls1_2", "-cipher", one.spelling, "-ign_eof"];
	if (one.suite.authentication === BY_PSK) args.push("-psk", pskKey, "-psk_identity", pskIdentity);
	else args.push("-verify_return_error", "-verify_hostname", "localhost");
	if (identity) args.push("-cert", identity.certificate, "-key", identity.key);
	return run(peer.path, [...args, ...extra], { input: httpRequest, ...(encryptThenMac ? {} : { env: withoutEncryptThenMac(t) }) });
}

function gnutlsArgs({ port, ca, one, identity, extra = [] }: Client12): string[] {
	const args = [`--port=${port}`, `--priority=${one.spelling}`];
	if (one.suite.authentication === BY_PSK) args.push(`--pskusername=${pskIdentity}`, `--pskkey=${pskKey}`);
	else args.push(`--x509cafile=${ca}`, "--sni-hostname=localhost", "--verify-hostname=localhost");
	if (identity) args.push(`--x509certfile=${identity.certificate}`, `--x509keyfile=${identity.key}`);
	return [...args, ...extra, "127.0.0.1"];
}

/** One GET; gnutls-cli drops what it has not read when its input ends, so that waits for the answer. */
export async function fetchWithGnutls12(peer: Peer, settings: Client12): Promise<Finished> {
	const program = new Program(peer.path, gnutlsArgs(settings), { timeout: 20_000 });
	const ended = program.ended.then(() => undefined);
	await Promise.race([program.waitFor(/Simple Client Mode/).catch(() => undefined), ended]);
	program.write(httpRequest);
	await Promise.race([program.waitFor(/Peer has closed|HTTP\/1/).catch(() => undefined), ended]);
	program.endInput();
	return program.ended;
}

/** To type into: openssl's "R" and gnutls' "^renegotiate^" begin a second handshake. */
export function startOpensslClient12(t: Ending, peer: Peer, port: number, ca: string, extra: string[] = []): Program {
	return start(t, peer.path, ["s_client", "-connect", `127.0.0.1:${port}`, "-servername", "localhost", "-CAfile", ca, "-tls1_2", ...extra]);
}
export function startGnutlsClient12(t: Ending, peer: Peer, settings: Client12): Program {
	return start(t, peer.path, gnutlsArgs(settings));
}
