// Certificates, CRLs and OCSP responses as a test wants them, right or wrong: DER put together from parts and signed
// with node:crypto. Nothing of modules/ makes these bytes.

import { createHash, generateKeyPairSync, type KeyObject, type RSAPSSKeyPairKeyObjectOptions, sign } from "node:crypto";

export type Bytes = Uint8Array;

// DER

export function der(tag: number, ...contents: Bytes[]): Bytes {
	const body = Buffer.concat(contents);
	const length = body.length < 0x80 ? [body.length] : body.length < 0x100 ? [0x81, body.length] : [0x82, body.length >> 8, body.length & 255];
	return new Uint8Array(Buffer.concat([Uint8Array.of(tag, ...length), body]));
}
export const sequence = (...contents: Bytes[]): Bytes => der(0x30, ...contents);
export const set = (...contents: Bytes[]): Bytes => der(0x31, ...contents);
export const octets = (...contents: Bytes[]): Bytes => der(0x04, ...contents);
export const bits = (contents: Bytes, unused = 0): Bytes => der(0x03, Uint8Array.of(unused), contents);
export const text = (tag: number, value: string): Bytes => der(tag, Buffer.from(value, "utf8"));
export const raw = (...bytes: number[]): Bytes => Uint8Array.from(bytes);
export const boolean = (value: boolean): Bytes => raw(1, 1, value ? 255 : 0);
export const nothing = raw();

export function integer(value: number | bigint | Bytes): Bytes {
	if (typeof value === "object") return der(0x02, value);
	let hex = value.toString(16);
	if (hex.length % 2) hex = `0${hex}`;
	if (Number.parseInt(hex.slice(0, 2), 16) >= 0x80) hex = `00${hex}`;
	return der(0x02, Buffer.from(hex, "hex"));
}

export function oid(dotted: string): Bytes {
	const [first, second, ...rest] = dotted.split(".").map(Number);
	const out: number[] = [];
	for (const arc of [first * 40 + second, ...rest]) {
		const digits = [arc % 128];
		for (let left = Math.floor(arc / 128); left > 0; left = Math.floor(left / 128)) digits.unshift((left % 128) | 128);
		out.push(...digits);
	}
	return der(0x06, Uint8Array.from(out));
}

/** A Time of seconds since 1970: UTCTime through 2049. */
export function time(seconds: number, generalized = seconds >= 2524608000): Bytes {
	const digits = `${new Date(seconds * 1000).toISOString().replace(/[-:T]/g, "").slice(0, 14)}Z`;
	return generalized ? text(0x18, digits) : text(0x17, digits.slice(2));
}

// Names

export function attribute(type: string, value: string, tag = 0x0c): Bytes {
	return sequence(oid(type), text(tag, value));
}
/** A Name that is a common name only. */
export function name(commonName: string, tag = 0x0c): Bytes {
	return sequence(set(attribute("2.5.4.3", commonName, tag)));
}
export const emptyName = sequence();

export const dns = (value: string): Bytes => text(0x82, value);
export const mailbox = (value: string): Bytes => text(0x81, value);
export const uri = (value: string): Bytes => text(0x86, value);
export const directory = (value: Bytes): Bytes => der(0xa4, value);
export const address = (...bytes: number[]): Bytes => der(0x87, raw(...bytes));

// Extensions

export function extension(type: string, critical: boolean, ...value: Bytes[]): Bytes {
	return sequence(oid(type), critical ? boolean(true) : nothing, octets(...value));
}
export const subjectAltName = (...names: Bytes[]): Bytes => extension("2.5.29.17", false, sequence(...names));
export function basicConstraints(isAuthority: boolean, pathLength?: number, critical = true): Bytes {
	return extension("2.5.29.19", critical, sequence(isAuthority ? boolean(true) : nothing, pathLength === undefined ? nothing : integer(pathLength)));
}
/** Bits as RFC 5280 4.2.1.3 numbers them. */
export function keyUsage(...numbers: number[]): Bytes {
	return extension("2.5.29.15", true, namedBits(0x03, ...numbers));
}
export function namedBits(tag: number, ...numbers: number[]): Bytes {
	const last = Math.max(...numbers);
	const bytes = new Uint8Array((last >> 3) + 1);
	for (const number of numbers) bytes[number >> 3] |= 0x80 >> (number & 7);
	return der(tag, raw(7 - (last & 7)), bytes);
}
export const SERVER_AUTH = "1.3.6.1.5.5.7.3.1";
export const CLIENT_AUTH = "1.3.6.1.5.5.7.3.2";
export const OCSP_SIGNING = "1.3.6.1.5.5.7.3.9";
export const ANY_PURPOSE = "2.5.29.37.0";
export const extendedKeyUsage = (...purposes: string[]): Bytes => extension("2.5.29.37", false, sequence(...purposes.map(oid)));
export const subjectKeyId = (id: Bytes): Bytes => extension("2.5.29.14", false, octets(id));
export const authorityKeyId = (id: Bytes): Bytes => extension("2.5.29.35", false, sequence(der(0x80, id)));
export function nameConstraints(permitted: Bytes[], excluded: Bytes[], critical = true): Bytes {
	const trees = (tag: number, bases: Bytes[]): Bytes => (bases.length === 0 ? nothing : der(tag, ...bases.map((base) => sequence(base))));
	return extension("2.5.29.30", critical, sequence(trees(0xa0, permitted), trees(0xa1, excluded)));
}
export const policies = (...ids: string[]): Bytes => extension("2.5.29.32", false, sequence(...ids.map((id) => sequence(oid(id)))));
export const policyMappings = (...pairs: [string, string][]): Bytes =>
	extension("2.5.29.33", true, sequence(...pairs.map(([from, to]) => sequence(oid(from), oid(to)))));
export function policyConstraints(requireExplicit?: number, inhibitMapping?: number): Bytes {
	const field = (tag: number, value?: number): Bytes => (value === undefined ? nothing : der(tag, raw(value)));
	return extension("2.5.29.36", true, sequence(field(0x80, requireExplicit), field(0x81, inhibitMapping)));
}
export const inhibitAnyPolicy = (count: number): Bytes => extension("2.5.29.54", true, integer(count));

// Keys and signatures

export interface Pair {
	privateKey: KeyObject;
	publicKey: KeyObject;
}
export type KeyKind = "p256" | "p384" | "p521" | "ed25519" | "rsa" | "rsa1024" | "rsa-pss";

const pairs = new Map<string, Pair>();
/** A key pair; the same for the same kind and label, because RSA keys take long to make. */
export function pairOf(kind: KeyKind, label = ""): Pair {
	let pair = pairs.get(kind + label);
	if (!pair) pairs.set(kind + label, (pair = freshPair(kind)));
	return pair;
}

function freshPair(kind: KeyKind): Pair {
	if (kind === "ed25519") return generateKeyPairSync("ed25519");
	if (kind === "rsa" || kind === "rsa1024") return generateKeyPairSync("rsa", { modulusLength: kind === "rsa" ? 2048 : 1024 });
	if (kind !== "rsa-pss") return generateKeyPairSync("ec", { namedCurve: { p256: "prime256v1", p384: "secp384r1", p521: "secp521r1" }[kind] });
	const parameters = { modulusLength: 2048, hashAlgorithm: "sha256", mgf1HashAlgorithm: "sha256", saltLength: 32 };
	return generateKeyPairSync("rsa-pss", parameters as unknown as RSAPSSKeyPairKeyObjectOptions);
}

export const publicKeyInfo = (pair: Pair): Bytes => new Uint8Array(pair.publicKey.export({ type: "spki", format: "der" }));
/** Contents of the BIT STRING of a SubjectPublicKeyInfo. */
export function rawKey(pair: Pair): Bytes {
	const info = publicKeyInfo(pair);
	if (pair.publicKey.asymmetricKeyType === "rsa-pss") return info.subarray(info.length - 270); // 2048 bits
	const jwk = pair.publicKey.export({ format: "jwk" });
	if (jwk.kty === "EC") return Buffer.concat([raw(4), Buffer.from(jwk.x as string, "base64url"), Buffer.from(jwk.y as string, "base64url")]);
	if (jwk.kty === "OKP") return Buffer.from(jwk.x as string, "base64url");
	return info.subarray(info.length - new Uint8Array(pair.publicKey.export({ type: "pkcs1", format: "der" })).length);
}
export const keyId = (pair: Pair): Bytes => createHash("sha1").update(rawKey(pair)).digest();

const NULL = raw(5, 0);
/** The AlgorithmIdentifier that a key of this kind signs with, under a hash. */
export function signatureAlgorithm(pair: Pair, hash = "sha256"): Bytes {
	const type = pair.publicKey.asymmetricKeyType;
	const index = ["sha256", "sha384", "sha512"].indexOf(hash);
	if (type === "ed25519") return sequence(oid("1.3.101.112"));
	if (type === "ec") return sequence(oid(hash === "sha1" ? "1.2.840.10045.4.1" : `1.2.840.10045.4.3.${index + 2}`));
	if (type === "rsa") return sequence(oid(`1.2.840.113549.1.1.${hash === "sha1" ? 5 : hash === "md5" ? 4 : index + 11}`), NULL);
	return pssAlgorithm();
}
export function pssAlgorithm(salt = 32, hash = "2.16.840.1.101.3.4.2.1", maskHash = hash): Bytes {
	const mask = sequence(oid("1.2.840.113549.1.1.8"), sequence(oid(maskHash), NULL));
	return sequence(oid("1.2.840.113549.1.1.10"), sequence(der(0xa0, sequence(oid(hash), NULL)), der(0xa1, mask), der(0xa2, integer(salt))));
}

/** What is signed, the algorithm, the signature, in a SEQUENCE. */
export function signed(body: Bytes, pair: Pair, hash = "sha256", algorithm = signatureAlgorithm(pair, hash)): Bytes {
	const plain = pair.publicKey.asymmetricKeyType === "ed25519" ? null : hash;
	return sequence(body, algorithm, bits(sign(plain, body, pair.privateKey)));
}

// Certificates

export const NOW = 1780000000;
const YEAR = 365 * 86400;
let nextSerial = 1000;

/** A certificate to be: what isn't said has a value with which it is valid. */
export interface Wish {
	subject?: Bytes;
	pair?: Pair;
	/** The issuer; without one it is self-signed. */
	issuer?: Forged;
	/** Another name in place of the issuer's subject. */
	issuerName?: Bytes;
	serial?: Bytes;
	notBefore?: Bytes;
	notAfter?: Bytes;
	/** All extensions, in place of those that the role has. */
	extensions?: Bytes[];
	/** More extensions. */
	more?: Bytes[];
	isAuthority?: boolean;
	pathLength?: number;
	/** In place of the SubjectPublicKeyInfo of pair. */
	info?: Bytes;
	hash?: string;
	algorithm?: Bytes;
	innerAlgorithm?: Bytes;
	/** Contents of [0] version, or none for version 1. */
	version?: Bytes | null;
	/** Changes the signed part before it is signed. */
	body?: (body: Bytes) => Bytes;
}

export interface Forged {
	der: Bytes;
	subject: Bytes;
	issuerName: Bytes;
	serial: Bytes;
	pair: Pair;
}

function roleExtensions(wish: Wish, pair: Pair, signer: Pair): Bytes[] {
	const ids = [subjectKeyId(keyId(pair)), authorityKeyId(keyId(signer))];
	if (wish.isAuthority) return [basicConstraints(true, wish.pathLength), keyUsage(5, 6), ...ids];
	return [basicConstraints(false), keyUsage(0), extendedKeyUsage(SERVER_AUTH, CLIENT_AUTH), ...ids];
}

export function forge(wish: Wish = {}): Forged {
	const pair = wish.pair ?? pairOf("p256", `fresh${nextSerial}`);
	const signer = wish.issuer?.pair ?? pair;
	const subject = wish.subject ?? name("Leaf");
	const issuerName = wish.issuerName ?? wish.issuer?.subject ?? subject;
	const serial = wish.serial ?? integer(nextSerial++);
	const extensions = [...(wish.extensions ?? roleExtensions(wish, pair, signer)), ...(wish.more ?? [])];
	const algorithm = wish.algorithm ?? signatureAlgorithm(signer, wish.hash);
	let body = sequence(
		wish.version === null ? nothing : der(0xa0, wish.version ?? integer(2)),
		serial,
		wish.innerAlgorithm ?? algorithm,
		issuerName,
		sequence(wish.notBefore ?? time(NOW - YEAR), wish.notAfter ?? time(NOW + YEAR)),
		subject,
		wish.info ?? publicKeyInfo(pair),
		extensions.length === 0 ? nothing : der(0xa3, sequence(...extensions)),
	);
	if (wish.body) body = wish.body(body);
	return { der: signed(body, signer, wish.hash, algorithm), subject, issuerName, serial, pair };
}

/** A self-signed authority. */
export const root = (wish: Wish = {}): Forged => forge({ subject: name("Root"), isAuthority: true, ...wish });
/** An authority under another. */
export const authority = (issuer: Forged, wish: Wish = {}): Forged => forge({ subject: name("Authority"), isAuthority: true, issuer, ...wish });
/** A server's certificate for leaf.example. */
export const leaf = (issuer: Forged, wish: Wish = {}): Forged => forge({ issuer, ...wish, more: [...(wish.more ?? [subjectAltName(dns("leaf.example"))])] });

// CRLs

export interface CrlWish {
	/** Serial numbers (INTEGERs) and, if wanted, extensions of the entry. */
	revoked?: { serial: Bytes; extensions?: Bytes[] }[];
	thisUpdate?: Bytes;
	nextUpdate?: Bytes;
	/** In place of cRLNumber 5. */
	extensions?: Bytes[];
	more?: Bytes[];
	version?: Bytes | null;
	issuerName?: Bytes;
	pair?: Pair;
	hash?: string;
}

export const crlNumber = (number: number): Bytes => extension("2.5.29.20", false, integer(number));
export const deltaIndicator = (number: number): Bytes => extension("2.5.29.27", true, integer(number));
export const crlReason = (reason: number): Bytes => extension("2.5.29.21", false, der(0x0a, raw(reason)));
export const issuingDistributionPoint = (...fields: Bytes[]): Bytes => extension("2.5.29.28", true, sequence(...fields));
/** A DistributionPointName of full names. */
export const fullName = (...names: Bytes[]): Bytes => der(0xa0, der(0xa0, ...names));

export function crl(issuer: Forged, wish: CrlWish = {}): Bytes {
	const pair = wish.pair ?? issuer.pair;
	const entries = (wish.revoked ?? []).map(({ serial, extensions }) => sequence(serial, time(NOW - 1000), extensions ? sequence(...extensions) : nothing));
	const extensions = [...(wish.extensions ?? [crlNumber(5)]), ...(wish.more ?? [])];
	const body = sequence(
		wish.version === null ? nothing : (wish.version ?? integer(1)),
		signatureAlgorithm(pair, wish.hash),
		wish.issuerName ?? issuer.subject,
		wish.thisUpdate ?? time(NOW - 86400),
		wish.nextUpdate ?? time(NOW + 86400),
		entries.length === 0 ? nothing : sequence(...entries),
		extensions.length === 0 ? nothing : der(0xa0, sequence(...extensions)),
	);
	return signed(body, pair, wish.hash);
}

// OCSP responses

export interface OcspWish {
	/** [0] good, [1] revoked, [2] unknown. */
	status?: Bytes;
	hash?: "sha1" | "sha256";
	thisUpdate?: Bytes;
	nextUpdate?: Bytes;
	/** ResponderID; the key of the signer if it isn't said. */
	responder?: Bytes;
	/** Who signs in place of the issuer, and the certificates that come with it. */
	signer?: Pair;
	certificates?: Bytes[];
	responseStatus?: number;
	issuerName?: Bytes;
	issuerKey?: Pair;
	singleExtensions?: Bytes[];
	extensions?: Bytes[];
	serial?: Bytes;
}

export const GOOD = raw(0x80, 0);
export const REVOKED = der(0xa1, text(0x18, "20260101000000Z"), der(0xa0, der(0x0a, raw(1))));
export const UNKNOWN = raw(0x82, 0);

/** A response about a certificate, as its issuer gives it. */
export function ocspResponse(certificate: Forged, issuer: Forged, wish: OcspWish = {}): Bytes {
	if (wish.responseStatus) return sequence(der(0x0a, raw(wish.responseStatus)));
	const hash = wish.hash ?? "sha1";
	const digest = (bytes: Bytes): Bytes => octets(createHash(hash).update(bytes).digest());
	const algorithm = sequence(oid(hash === "sha1" ? "1.3.14.3.2.26" : "2.16.840.1.101.3.4.2.1"), NULL);
	const id = sequence(algorithm, digest(wish.issuerName ?? issuer.subject), digest(rawKey(wish.issuerKey ?? issuer.pair)), wish.serial ?? certificate.serial);
	const single = sequence(
		id,
		wish.status ?? GOOD,
		wish.thisUpdate ?? time(NOW - 3600, true),
		wish.nextUpdate === nothing ? nothing : der(0xa0, wish.nextUpdate ?? time(NOW + 3600, true)),
		wish.singleExtensions ? der(0xa1, sequence(...wish.singleExtensions)) : nothing,
	);
	const signer = wish.signer ?? issuer.pair;
	const body = sequence(
		wish.responder ?? der(0xa2, octets(keyId(signer))),
		time(NOW - 3600, true),
		sequence(single),
		wish.extensions ? der(0xa1, sequence(...wish.extensions)) : nothing,
	);
	const whole = signed(body, signer);
	const basic = wish.certificates ? sequence(whole.subarray(headerLength(whole)), der(0xa0, sequence(...wish.certificates))) : whole;
	return sequence(der(0x0a, raw(0)), der(0xa0, sequence(oid("1.3.6.1.5.5.7.48.1.1"), octets(basic))));
}

/** Bytes of the tag and the length. */
export function headerLength(value: Bytes): number {
	return value[1] < 0x80 ? 2 : 2 + (value[1] & 0x7f);
}
