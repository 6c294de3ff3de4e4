// The options of `polltls client` and `polltls server` and what they mean for a connection. An option that isn't here is
// refused by name.

import { createPrivateKey, X509Certificate } from "node:crypto";
import { parseArgs } from "node:util";
import { TLS_1_2, TLS_1_3 } from "polltls/wire/registry";
import { groupNumber, schemeNumber, suiteNumber } from "polltls/wire/registry-text";
import { bytesOf, pemOf } from "../files.js";
import type { PlainCredential, PlainOptions } from "../plain-options.js";
import { peerKey, peerTypes, rawCredential } from "./raw-keys.js";

/** The call is wrong: exit code 2. */
export class UsageError extends Error {
	override name = "UsageError";
}

const both = {
	min: { type: "string" },
	max: { type: "string" },
	suites: { type: "string" },
	groups: { type: "string" },
	sigalgs: { type: "string" },
	cert: { type: "string", multiple: true },
	key: { type: "string", multiple: true },
	ca: { type: "string", multiple: true },
	insecure: { type: "boolean" },
	crl: { type: "string", multiple: true },
	pin: { type: "string", multiple: true },
	rpk: { type: "string", multiple: true },
	"peer-key": { type: "string", multiple: true },
	psk: { type: "string" },
	"psk-identity": { type: "string" },
	"psk-import": { type: "string" },
	alpn: { type: "string" },
	"record-size-limit": { type: "string" },
	"max-fragment": { type: "string" },
	renegotiate: { type: "boolean" },
	heartbeat: { type: "boolean" },
	dtls: { type: "boolean" },
	mtu: { type: "string" },
	cid: { type: "string" },
	retransmit: { type: "string" },
	loss: { type: "string" },
	seed: { type: "string" },
	keylog: { type: "string" },
	time: { type: "string" },
	crypto: { type: "string" },
	engine: { type: "string" },
	profile: { type: "string" },
	trace: { type: "boolean" },
	json: { type: "boolean" },
} as const;

const ofClient = {
	...both,
	servername: { type: "string" },
	send: { type: "string" },
	resume: { type: "string" },
	save: { type: "string" },
	restore: { type: "string" },
	status: { type: "boolean" },
	"early-data": { type: "string" },
	http: { type: "string" },
	"key-update": { type: "boolean" },
} as const;

const ofServer = {
	...both,
	port: { type: "string" },
	host: { type: "string" },
	echo: { type: "boolean" },
	http: { type: "boolean" },
	"key-update": { type: "boolean" },
	"verify-client": { type: "string" },
	"servername-cert": { type: "string", multiple: true },
	tickets: { type: "string" },
	staple: { type: "string" },
	"max-early-data": { type: "string" },
	"no-tickets": { type: "boolean" },
	"tell-time": { type: "boolean" },
	"no-cookie": { type: "boolean" },
	coap: { type: "boolean" },
	connections: { type: "string" },
} as const;

/** What client and server have in common beside the connection's own options. */
export interface CommandOptions {
	readonly plain: PlainOptions;
	readonly crypto: "noble" | "node";
	readonly engine: "node" | "xs";
	readonly trace: boolean;
	readonly json: boolean;
	readonly keylog: string | undefined;
	/** Seconds since 1970 to judge certificates by, instead of the system's. */
	readonly time: number | undefined;
	readonly keyUpdate: boolean;
	/** Over UDP; undefined: over TCP. */
	readonly datagrams: DatagramCommand | undefined;
	/** 1.2: begins a second handshake, and allows the peer to. */
	readonly renegotiate: boolean;
}

/** --dtls and what goes with it. */
export interface DatagramCommand {
	readonly mtu: number | undefined;
	/** Our connection id: hexadecimal, "" for none of our own, "auto"; undefined: the extension isn't used. */
	readonly cid: string | undefined;
	readonly retransmit: number | undefined;
	/** Share of our datagrams that are thrown away, and the seed that chooses them. */
	readonly loss: number;
	readonly seed: number;
}

export interface ClientCommand extends CommandOptions {
	readonly host: string;
	readonly port: number;
	readonly send: string | undefined;
	readonly http: string | undefined;
	/** File of the session to resume and to update. */
	readonly resume: string | undefined;
	/** Over UDP: file to save the open connection to instead of closing it, and to restore it from. */
	readonly save: string | undefined;
	readonly restore: string | undefined;
	/** What to send as 0-RTT data. */
	readonly earlyData: Uint8Array | undefined;
}

export interface ServerCommand extends CommandOptions {
	readonly host: string;
	readonly port: number;
	readonly http: boolean;
	/** Bytes of 0-RTT data that a connection may bring; 0: none. */
	readonly earlyData: number;
	/** Tickets a connection gives; 0: no tickets at all. */
	readonly tickets: number;
	/** How many connections to serve; Infinity without a limit. */
	readonly connections: number;
	/** Over UDP: CoAP instead of an echo. */
	readonly coap: boolean;
	/** Over UDP: clients must bring a cookie back. */
	readonly cookies: boolean;
}

export function clientCommand(args: string[]): ClientCommand {
	const { values, positionals } = parse(args, ofClient);
	if (positionals.length !== 1) throw new UsageError("client: one HOST:PORT is needed");
	const [host, port] = splitAddress(positionals[0]);
	const common = commonOptions(values);
	if ((values.save !== undefined || values.restore !== undefined) && !values.dtls) throw new UsageError("--save, --restore: they go with --dtls");
	if (values.http !== undefined && values.send !== undefined) throw new UsageError("--http and --send: one of them");
	if (values.ca === undefined && !values.insecure && values.psk === undefined && values.pin === undefined && values["peer-key"] === undefined)
		throw new UsageError("--ca FILE, --pin SHA256 or --peer-key FILE is needed to know the server by (or --insecure)");
	const serverName = values.servername;
	return {
		...common,
		plain: { ...common.plain, peerName: serverName ?? host, serverName, status: values.status },
		host,
		port,
		send: values.send,
		http: values.http,
		resume: values.resume,
		save: values.save,
		restore: values.restore,
		earlyData: earlyData(values),
	};
}

export function serverCommand(args: string[]): ServerCommand {
	const { values, positionals } = parse(args, ofServer);
	if (positionals.length > 0) throw new UsageError(`server: ${positionals[0]} is not an option`);
	const common = commonOptions(values);
	const verifyClient = choice("--verify-client", values["verify-client"] ?? "no", ["no", "request", "require"]);
	if (verifyClient !== "no" && values.ca === undefined && values["peer-key"] === undefined && values.pin === undefined && !values.insecure)
		throw new UsageError("--verify-client needs --ca FILE, --pin SHA256 or --peer-key FILE");
	if ((values.coap || values["no-cookie"]) && !values.dtls) throw new UsageError("--coap, --no-cookie: they go with --dtls");
	if (values.coap && (values.echo || values.http)) throw new UsageError("--coap, --echo, --http: one of them");
	if (values.echo && values.http) throw new UsageError("--echo and --http: one of them");
	const credentials = [...(common.plain.credentials ?? []), ...(values["servername-cert"] ?? []).map(namedCredential)];
	if (credentials.length === 0 && values.psk === undefined) throw new UsageError("server: --cert FILE and --key FILE, --rpk FILE, or --psk, are needed");
	if (values.staple !== undefined && values.cert === undefined) throw new UsageError("--staple goes with --cert");
	if (values.staple !== undefined) credentials[0] = { ...credentials[0], staple: [...bytesOf("--staple", values.staple)] };
	if (values.tickets !== undefined && values["no-tickets"]) throw new UsageError("--tickets and --no-tickets: one of them");
	return {
		...common,
		plain: { ...common.plain, credentials, verifyClient, tellsTime: values["tell-time"] },
		host: values.host ?? "127.0.0.1",
		port: number("--port", values.port ?? "0", 0, 65535),
		http: values.http ?? false,
		coap: values.coap ?? false,
		cookies: !values["no-cookie"],
		earlyData: number("--max-early-data", values["max-early-data"] ?? "0", 0, 1e6),
		tickets: values["no-tickets"] ? 0 : number("--tickets", values.tickets ?? "1", 0, 16),
		connections: values.connections === undefined ? Number.POSITIVE_INFINITY : number("--connections", values.connections, 1, 1e9),
	};
}

type Values = {
	[name in keyof typeof both]?: (typeof both)[name] extends { multiple: true } ? string[] : (typeof both)[name] extends { type: "boolean" } ? boolean : string;
} & {
	"key-update"?: boolean;
};

function commonOptions(values: Values): CommandOptions {
	const { cert = [], key = [], ca = [] } = values;
	if (cert.length !== key.length) throw new UsageError("--cert and --key: as many of one as of the other");
	return {
		plain: {
			minimumVersion: version("--min", values.min),
			maximumVersion: version("--max", values.max),
			suites: names("--suites", values.suites, suiteNumber),
			groups: names("--groups", values.groups, groupNumber),
			signatureSchemes: names("--sigalgs", values.sigalgs, schemeNumber),
			credentials: [...cert.map((file, i) => credential(file, key[i])), ...(values.rpk ?? []).map(rawCredential)],
			trust: ca.length > 0 ? ca.map((file) => pemOf("--ca", file, "CERTIFICATE")).join("\n") : undefined,
			insecure: values.insecure,
			crls: values.crl?.map((file) => pemOf("--crl", file, "X509 CRL")).join("\n"),
			pins: values.pin?.map(pin),
			peerKeys: values["peer-key"]?.map(peerKey).join("\n"),
			peerCertificateTypes: peerTypes(values),
			psks: preSharedKeys(values),
			alpn: values.alpn?.split(","),
			recordSizeLimit: values["record-size-limit"] === undefined ? undefined : number("--record-size-limit", values["record-size-limit"], 64, 16384),
			renegotiation: values.renegotiate,
			heartbeat: values.heartbeat ? { allowPeer: true } : undefined,
			maxFragmentLength:
				values["max-fragment"] === undefined ? undefined : Number(choice("--max-fragment", values["max-fragment"], ["512", "1024", "2048", "4096"])),
			profile: choice("--profile", values.profile ?? "web", ["web", "iot"] as const),
		},
		crypto: choice("--crypto", values.crypto ?? "node", ["noble", "node"]),
		engine: choice("--engine", values.engine ?? "node", ["node", "xs"]),
		trace: values.trace ?? false,
		json: values.json ?? false,
		keylog: values.keylog,
		time: values.time === undefined ? undefined : number("--time", values.time, 0, 1e12),
		keyUpdate: values["key-update"] ?? false,
		datagrams: datagramCommand(values),
		renegotiate: values.renegotiate ?? false,
	};
}

function datagramCommand(values: Values): DatagramCommand | undefined {
	const { dtls = false, mtu, cid, retransmit, loss, seed } = values;
	for (const [name, value] of Object.entries({ mtu, cid, retransmit, loss, seed }))
		if (value !== undefined && !dtls) throw new UsageError(`--${name} goes with --dtls`);
	if (!dtls) return undefined;
	if (values.engine === "xs") throw new UsageError("--engine xs: not with --dtls");
	if (cid !== undefined && cid !== "auto" && !/^([0-9a-f]{2}){0,32}$/i.test(cid)) throw new UsageError("--cid: hexadecimal, up to 32 bytes, or auto");
	const share = loss === undefined ? 0 : Number(loss.replace(/%$/, "")) / (loss.endsWith("%") ? 100 : 1);
	if (!(share >= 0 && share < 1)) throw new UsageError(`--loss: "${loss}" is not a share from 0 to 1, or a percentage`);
	return {
		mtu: mtu === undefined ? undefined : number("--mtu", mtu, 228, 16384),
		cid,
		retransmit: retransmit === undefined ? undefined : number("--retransmit", retransmit, 1, 60000),
		loss: share,
		seed: seed === undefined ? 1 : number("--seed", seed, 0, 2 ** 31),
	};
}

/** The file of --early-data; it goes out in place of stdin. */
function earlyData(values: { "early-data"?: string; resume?: string; engine?: string; dtls?: boolean }): Uint8Array | undefined {
	const file = values["early-data"];
	if (file === undefined) return undefined;
	if (values.resume === undefined) throw new UsageError("--early-data needs --resume FILE: a session that allows it");
	if (values.engine === "xs" || values.dtls) throw new UsageError(`--early-data: not with ${values.dtls ? "--dtls" : "--engine xs"}`);
	return bytesOf("--early-data", file);
}

function parse<T extends NonNullable<Parameters<typeof parseArgs>[0]>["options"] & object>(args: string[], options: T) {
	try {
		return parseArgs({ args, options, allowPositionals: true, strict: true });
	} catch (error) {
		throw new UsageError((error as Error).message.split(". ")[0]);
	}
}

/** A SHA-256 in hexadecimal, with or without colons. */
function pin(text: string): string {
	const digits = text.replaceAll(":", "");
	if (!/^[0-9a-f]{64}$/i.test(digits)) throw new UsageError(`--pin: "${text}" is not a SHA-256 in hexadecimal`);
	return digits;
}

function credential(certFile: string, keyFile: string): PlainCredential {
	const chain = pemOf("--cert", certFile, "CERTIFICATE");
	const key = pemOf("--key", keyFile, "PRIVATE KEY");
	if (!belongTogether(chain, key)) throw new UsageError(`--key: ${keyFile} is not the key of ${certFile}`);
	return { chain, key };
}

/** Whether the key is that of the first certificate. What Node can't read is left to our own decoders, which say why. */
function belongTogether(chain: string, key: string): boolean {
	try {
		return new X509Certificate(chain).checkPrivateKey(createPrivateKey(key));
	} catch {
		return true;
	}
}

function preSharedKeys({ psk: key, "psk-identity": identity, "psk-import": importContext }: Values): PlainOptions["psks"] {
	if (key === undefined && identity === undefined && importContext === undefined) return undefined;
	if (key === undefined || identity === undefined) throw new UsageError("--psk and --psk-identity: one needs the other");
	if (!/^([0-9a-f]{2})+$/i.test(key)) throw new UsageError("--psk: the key is hexadecimal, two digits a byte");
	if (identity === "") throw new UsageError("--psk-identity: it is empty");
	return [{ identity, key, importContext }];
}

/** NAME=CERT,KEY */
function namedCredential(text: string): PlainCredential {
	const match = /^([^=]+)=([^,]+),([^,]+)$/.exec(text);
	if (match === null) throw new UsageError(`--servername-cert: "${text}" is not NAME=CERT,KEY`);
	return { ...credential(match[2], match[3]), names: [match[1].toLowerCase()] };
}

function splitAddress(text: string): [string, number] {
	const colon = text.lastIndexOf(":");
	if (colon <= 0) throw new UsageError(`"${text}" is not HOST:PORT`);
	return [text.slice(0, colon).replace(/^\[(.*)\]$/, "$1"), number("PORT", text.slice(colon + 1), 1, 65535)];
}

function version(option: string, text: string | undefined): number | undefined {
	if (text === undefined) return undefined;
	return choice(option, text, ["1.2", "1.3"]) === "1.3" ? TLS_1_3 : TLS_1_2;
}

function names(option: string, text: string | undefined, numberOf: (name: string) => number | undefined): number[] | undefined {
	return text?.split(",").map((name) => {
		const found = numberOf(name);
		if (found === undefined) throw new UsageError(`${option}: "${name}" is not known`);
		return found;
	});
}

function number(option: string, text: string, least: number, most: number): number {
	const value = Number(text);
	if (text === "" || !Number.isInteger(value) || value < least || value > most)
		throw new UsageError(`${option}: "${text}" is not a number from ${least} to ${most}`);
	return value;
}

function choice<const T extends string>(option: string, text: string, choices: readonly T[]): T {
	const found = choices.find((one) => one === text);
	if (found === undefined) throw new UsageError(`${option}: "${text}" is not ${choices.join(", ")}`);
	return found;
}
