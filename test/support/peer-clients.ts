// openssl s_client, gnutls-cli, curl and Chromium as clients of our server. Each verifies the server's certificate.

import { createHash, X509Certificate } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { gnutlsPriority, groups13, opensslGroup, suites13 } from "./peer-servers.js";
import type { Peer } from "./peers.js";
import type { Identity } from "./pki.js";
import { type Ending, type Finished, Program, run, start, temporaryFolder } from "./processes.js";

export interface ClientSettings {
	port: number;
	ca: string;
	suites?: readonly string[];
	/** In order of preference; the first ones are what a key share is sent for. */
	groups?: readonly string[];
	identity?: Identity;
	alpn?: string;
	/** openssl only: a lower version than 1.3. */
	version?: "1.2";
	/** What is sent once connected. */
	request?: string;
	extra?: string[];
}

const httpRequest = "GET / HTTP/1.0\r\nHost: localhost\r\n\r\n";

function opensslArgs({ port, ca, suites = suites13, groups = groups13, identity, alpn, version, extra = [] }: ClientSettings): string[] {
	const args = [
		"s_client",
		"-connect",
		`127.0.0.1:${port}`,
		"-servername",
		"localhost",
		"-CAfile",
		ca,
		"-verify_return_error",
		"-verify_hostname",
		"localhost",
	];
	if (version === "1.2") args.push("-tls1_2");
	else args.push("-tls1_3", "-ciphersuites", suites.join(":"), "-groups", groups.map(opensslGroup).join(":"));
	if (identity) args.push("-cert", identity.certificate, "-key", identity.key);
	if (alpn) args.push("-alpn", alpn);
	return [...args, ...extra];
}

/** Sends the request (one GET if none is given) and reads until the server closes. */
export function fetchWithOpenssl(peer: Peer, settings: ClientSettings): Promise<Finished> {
	return run(peer.path, [...opensslArgs(settings), "-ign_eof"], { input: settings.request ?? httpRequest });
}

/** A session to type into: lines go out as they are, "k" alone updates its keys, "K" asks for ours too, "Q" ends it. */
export function startOpensslClient(t: Ending, peer: Peer, settings: ClientSettings): Program {
	return start(t, peer.path, opensslArgs(settings));
}

function gnutlsArgs({ port, ca, suites, groups, identity, alpn, extra = [] }: ClientSettings): string[] {
	const args = [
		`--port=${port}`,
		`--x509cafile=${ca}`,
		"--sni-hostname=localhost",
		"--verify-hostname=localhost",
		`--priority=${gnutlsPriority(suites, groups)}`,
	];
	if (identity) args.push(`--x509certfile=${identity.certificate}`, `--x509keyfile=${identity.key}`);
	if (alpn) args.push(`--alpn=${alpn}`);
	return [...args, ...extra, "127.0.0.1"];
}

/**
 * A session to type into. With inlineCommands the line "^rekey^" updates its keys. gnutls-cli drops what it has not yet read when
 * its input ends, so the caller ends the input when it has seen the answer.
 */
export function startGnutlsClient(t: Ending, peer: Peer, settings: ClientSettings): Program {
	return start(t, peer.path, gnutlsArgs(settings));
}

/** Sends the request and reads until the server closes. */
export async function fetchWithGnutls(peer: Peer, settings: ClientSettings): Promise<Finished> {
	const program = new Program(peer.path, gnutlsArgs(settings), { timeout: 20_000 });
	const ended = program.ended.then(() => undefined);
	await Promise.race([program.waitFor(/Simple Client Mode/).catch(() => undefined), ended]);
	program.write(settings.request ?? httpRequest);
	await Promise.race([program.waitFor(/Peer has closed|HTTP\/1/).catch(() => undefined), ended]);
	program.endInput();
	return program.ended;
}

export function fetchWithCurl(peer: Peer, { port, ca, suites, groups, identity, extra = [] }: ClientSettings, path = "/"): Promise<Finished> {
	const args = ["--silent", "--show-error", "--verbose", "--http1.1", "--max-time", "20", "--noproxy", "*", "--cacert", ca, "--tlsv1.3"];
	if (suites) args.push("--tls13-ciphers", suites.join(":"));
	if (groups) args.push("--curves", groups.map(opensslGroup).join(":"));
	if (identity) args.push("--cert", identity.certificate, "--key", identity.key);
	return run(peer.path, [...args, ...extra, "--resolve", `localhost:${port}:127.0.0.1`, `https://localhost:${port}${path}`]);
}

function spkiPin(certificate: string): string {
	const spki = new X509Certificate(readFileSync(certificate)).publicKey.export({ type: "spki", format: "der" });
	return createHash("sha256").update(spki).digest("base64");
}

export interface Page extends Finished {
	/** Path of the picture. */
	screenshot: string;
}

function chromiumArgs(folder: string, certificate: string): string[] {
	return [
		"--headless=new",
		"--no-sandbox",
		"--disable-gpu",
		"--disable-dev-shm-usage",
		"--disable-background-networking",
		"--disable-component-update",
		"--no-first-run",
		"--no-proxy-server",
		"--hide-scrollbars",
		`--user-data-dir=${join(folder, "profile")}`,
		// Nothing but this one key is believed; any other certificate error still stops it.
		`--ignore-certificate-errors-spki-list=${spkiPin(certificate)}`,
	];
}

/** Runs it, without what it says about the desktop's buses that a server doesn't have. */
async function runChromium(peer: Peer, args: string[]): Promise<Finished> {
	const finished = await run(peer.path, args, { timeout: 60_000 });
	const lines = finished.stderr.split("\n").filter((line) => !/dbus|: \[: /.test(line));
	return { ...finished, stderr: lines.join("\n") };
}

/** Opens a page in headless Chromium: its document is on stdout. */
export function openInChromium(t: Ending, peer: Peer, url: string, certificate: string): Promise<Finished> {
	const args = chromiumArgs(temporaryFolder(t), certificate);
	return runChromium(peer, [...args, "--virtual-time-budget=5000", "--dump-dom", url]);
}

/** Takes a picture of a page, as large as a phone. */
export async function photographInChromium(t: Ending, peer: Peer, url: string, certificate: string, size = "412,860"): Promise<Page> {
	const folder = temporaryFolder(t);
	const screenshot = join(folder, "page.png");
	const args = [...chromiumArgs(folder, certificate), `--window-size=${size}`, "--virtual-time-budget=5000", `--screenshot=${screenshot}`, url];
	return { ...(await runChromium(peer, args)), screenshot };
}
