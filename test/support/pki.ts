// A certificate authority for tests, made with openssl: so no certificate that the tests trust is of our own making.

import { execFileSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { findPeer } from "./peers.js";
import { type Ending, temporaryFolder } from "./processes.js";

/** A certificate and its key, as paths of PEM files. */
export interface Identity {
	certificate: string;
	key: string;
}

export type KeyName = "ec" | "rsa";

/** Paths of PEM files. Servers are localhost and 127.0.0.1, clients are called device-7. */
export interface Pki {
	folder: string;
	ca: string;
	/** Leaves under ca. */
	ec: Identity;
	rsa: Identity;
	clientEc: Identity;
	clientRsa: Identity;
	/** Leaf and intermediate in one file, the intermediate under ca. */
	chain: Identity;
	/** Another authority that nobody trusts, and a leaf under it. */
	otherCa: string;
	stranger: Identity;
}

const p256 = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256"];
const rsa2048 = ["-newkey", "rsa:2048"];

class Maker {
	readonly folder: string;
	readonly #openssl: string;
	constructor(folder: string) {
		const openssl = findPeer("openssl");
		if (typeof openssl === "string") throw new Error(openssl);
		this.folder = folder;
		this.#openssl = openssl.path;
	}

	path(name: string): string {
		return join(this.folder, name);
	}

	openssl(...args: string[]): void {
		execFileSync(this.#openssl, args, { cwd: this.folder, stdio: ["ignore", "ignore", "pipe"] });
	}

	authority(name: string): string {
		const extensions = ["-addext", "basicConstraints=critical,CA:TRUE", "-addext", "keyUsage=critical,keyCertSign,cRLSign"];
		this.openssl(
			"req",
			"-x509",
			...p256,
			"-nodes",
			"-keyout",
			`${name}.key`,
			"-out",
			`${name}.pem`,
			"-days",
			"30",
			"-subj",
			`/CN=polltls test ${name}`,
			...extensions,
		);
		return this.path(`${name}.pem`);
	}

	/** A certificate under an authority of this folder. */
	issue(name: string, issuer: string, newkey: string[], subject: string, extensions: string[]): Identity {
		writeFileSync(this.path(`${name}.ext`), `${extensions.join("\n")}\n`);
		this.openssl("req", ...newkey, "-nodes", "-keyout", `${name}.key`, "-out", `${name}.csr`, "-subj", `/CN=${subject}`);
		const authority = ["-CA", `${issuer}.pem`, "-CAkey", `${issuer}.key`, "-CAcreateserial"];
		this.openssl("x509", "-req", "-in", `${name}.csr`, ...authority, "-out", `${name}.pem`, "-days", "10", "-sha256", "-extfile", `${name}.ext`);
		return { certificate: this.path(`${name}.pem`), key: this.path(`${name}.key`) };
	}
}

const leaf = ["basicConstraints=CA:FALSE", "keyUsage=digitalSignature,keyEncipherment"];
const server = [...leaf, "subjectAltName=DNS:localhost,IP:127.0.0.1", "extendedKeyUsage=serverAuth,clientAuth"];
const client = [...leaf, "subjectAltName=DNS:device-7", "extendedKeyUsage=clientAuth"];

/** Makes all of it in a folder that goes with the test (with the process if no test is given); takes about a second. */
export function makePki(t?: Ending): Pki {
	const maker = new Maker(temporaryFolder(t));
	const ca = maker.authority("ca");
	const otherCa = maker.authority("other-ca");
	maker.issue("intermediate", "ca", p256, "polltls test intermediate", ["basicConstraints=critical,CA:TRUE,pathlen:0", "keyUsage=critical,keyCertSign"]);
	const below = maker.issue("below", "intermediate", p256, "localhost", server);
	const both = [below.certificate, maker.path("intermediate.pem")].map((path) => readFileSync(path, "utf8")).join("");
	writeFileSync(maker.path("chain.pem"), both);
	return {
		folder: maker.folder,
		ca,
		ec: maker.issue("ec", "ca", p256, "localhost", server),
		rsa: maker.issue("rsa", "ca", rsa2048, "localhost", server),
		clientEc: maker.issue("client-ec", "ca", p256, "device-7", client),
		clientRsa: maker.issue("client-rsa", "ca", rsa2048, "device-7", client),
		chain: { certificate: maker.path("chain.pem"), key: below.key },
		otherCa,
		stranger: maker.issue("stranger", "other-ca", p256, "localhost", server),
	};
}

/** Clients with keys of other kinds under the authority, and one under the other authority. */
export interface MoreClients {
	ed25519: Identity;
	p384: Identity;
	/** A key whose owner allows RSASSA-PSS only. */
	rsaPss: Identity;
	ofOtherCa: Identity;
}

/** Makes them in the folder of what makePki made. */
export function makeMoreClients({ folder }: Pki): MoreClients {
	const maker = new Maker(folder);
	const signing = client.map((line) => line.replace(",keyEncipherment", ""));
	const made = (name: string, newkey: string[], issuer = "ca"): Identity => maker.issue(`client-${name}`, issuer, newkey, "device-7", signing);
	return {
		ed25519: made("ed25519", ["-newkey", "ed25519"]),
		p384: made("p384", ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-384"]),
		rsaPss: made("rsa-pss", ["-newkey", "rsa-pss", "-pkeyopt", "rsa_keygen_bits:2048"]),
		ofOtherCa: made("other", p256, "other-ca"),
	};
}
