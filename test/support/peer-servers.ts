// openssl s_server, gnutls-serv, nginx and mosquitto as servers that our client connects to.

import { writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Peer } from "./peers.js";
import type { Identity } from "./pki.js";
import { type Ending, freePort, listening, type Program, start, temporaryFolder } from "./processes.js";

/** The suites and groups of TLS 1.3 that this stack has, by their IANA names. */
export const suites13 = [
	"TLS_AES_128_GCM_SHA256",
	"TLS_AES_256_GCM_SHA384",
	"TLS_CHACHA20_POLY1305_SHA256",
	"TLS_AES_128_CCM_SHA256",
	"TLS_AES_128_CCM_8_SHA256",
] as const;
export const groups13 = ["x25519", "secp256r1"] as const;

const opensslGroups: Record<string, string> = { x25519: "X25519", secp256r1: "P-256", secp384r1: "P-384" };
const gnutlsGroups: Record<string, string> = { x25519: "GROUP-X25519", secp256r1: "GROUP-SECP256R1", secp384r1: "GROUP-SECP384R1" };

export function opensslGroup(group: string): string {
	return opensslGroups[group] ?? group;
}

/** TLS_AES_128_CCM_8_SHA256 is AES-128-CCM-8 to gnutls. */
function gnutlsCipher(suite: string): string {
	return suite
		.replace(/^TLS_/, "")
		.replace(/_SHA\d+$/, "")
		.replace(/_/g, "-");
}

/** A priority string for TLS 1.3 with these suites and groups only. */
export function gnutlsPriority(suites: readonly string[] = suites13, groups: readonly string[] = groups13): string {
	const ciphers = suites.map((suite) => `:+${gnutlsCipher(suite)}`).join("");
	return `NORMAL:-VERS-ALL:+VERS-TLS1.3:-CIPHER-ALL${ciphers}:-GROUP-ALL${groups.map((group) => `:+${gnutlsGroups[group]}`).join("")}`;
}

export interface ServerSettings {
	identity: Identity;
	suites?: readonly string[];
	groups?: readonly string[];
	/** Ask for a client certificate under this authority, and refuse to go on without. */
	clientCa?: string;
	/** nginx only: "TLSv1.2" in place of TLSv1.3. */
	protocols?: string;
	/** What follows the handshake: a page over HTTP (the default), or a talk: openssl shows what comes and sends what is typed, gnutls echoes. */
	service?: "page" | "talk";
	/** More arguments for the program. */
	extra?: string[];
}

export interface PeerServer {
	port: number;
	program: Program;
}

/** What the page of each server holds, so that a test sees that it came from there. */
export const pageText = { openssl: /s_server/, gnutls: /GnuTLS|This is.*connected/i, nginx: /hello from nginx/ };

/** In a talk, typing "K" makes it update its keys and ask for ours, "k" only its own, "Q" ends the connection and the program. */
export async function startOpensslServer(t: Ending, peer: Peer, settings: ServerSettings): Promise<PeerServer> {
	const { identity, suites = suites13, groups = groups13, clientCa, service = "page", extra = [] } = settings;
	const port = await freePort();
	const args = ["s_server", "-accept", `127.0.0.1:${port}`, "-cert", identity.certificate, "-key", identity.key, "-cert_chain", identity.certificate];
	args.push("-tls1_3", "-ciphersuites", suites.join(":"), "-groups", groups.map(opensslGroup).join(":"));
	if (clientCa) args.push("-Verify", "2", "-verify_return_error", "-CAfile", clientCa);
	if (service === "page") args.push("-www");
	const program = start(t, peer.path, [...args, ...extra]);
	await program.waitFor(/ACCEPT/);
	return { port, program };
}

export async function startGnutlsServer(t: Ending, peer: Peer, settings: ServerSettings): Promise<PeerServer> {
	const { identity, suites, groups, clientCa, service = "page", extra = [] } = settings;
	const port = await freePort();
	const args = [`--port=${port}`, `--x509certfile=${identity.certificate}`, `--x509keyfile=${identity.key}`, `--priority=${gnutlsPriority(suites, groups)}`];
	args.push(service === "page" ? "--http" : "--echo");
	if (clientCa) args.push("--require-client-cert", "--verify-client-cert", `--x509cafile=${clientCa}`);
	else args.push("--disable-client-cert");
	const program = start(t, peer.path, [...args, ...extra]);
	await listening(port, program);
	return { port, program };
}

export async function startNginx(t: Ending, peer: Peer, settings: ServerSettings): Promise<PeerServer> {
	const { identity, suites = suites13, groups = groups13, clientCa, protocols = "TLSv1.3", extra = [] } = settings;
	const folder = temporaryFolder(t);
	const port = await freePort();
	const verify = clientCa ? `ssl_verify_client on; ssl_client_certificate ${clientCa};` : "";
	const temporary = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"].map((name) => `${name}_temp_path ${join(folder, name)};`).join("\n\t");
	writeFileSync(
		join(folder, "nginx.conf"),
		`daemon off;
master_process off;
pid ${join(folder, "pid")};
error_log stderr info;
events { worker_connections 64; }
http {
	access_log off;
	${temporary}
	server {
		listen 127.0.0.1:${port} ssl;
		ssl_certificate ${identity.certificate};
		ssl_certificate_key ${identity.key};
		ssl_protocols ${protocols};
		ssl_conf_command Ciphersuites ${suites.join(":")};
		ssl_ecdh_curve ${groups.map(opensslGroup).join(":")};
		${verify}
		${extra.join("\n\t\t")}
		location / { default_type text/plain; return 200 "hello from nginx: $ssl_protocol $ssl_cipher client $ssl_client_verify\\n"; }
		location /large { default_type text/plain; root ${folder}; }
	}
}
`,
	);
	writeFileSync(join(folder, "large"), "0123456789abcde\n".repeat(65_536));
	const program = start(t, peer.path, ["-p", folder, "-e", "stderr", "-c", join(folder, "nginx.conf")]);
	await listening(port, program);
	return { port, program };
}

/** A broker over TLS that takes whoever comes. */
export async function startMosquitto(t: Ending, peer: Peer, { certificate, key }: Identity): Promise<PeerServer> {
	const port = await freePort();
	const config = join(temporaryFolder(t), "mosquitto.conf");
	writeFileSync(config, `listener ${port} 127.0.0.1\nallow_anonymous true\nuser root\ncertfile ${certificate}\nkeyfile ${key}\n`);
	const program = start(t, peer.path, ["-c", config]);
	await listening(port, program);
	return { port, program };
}
