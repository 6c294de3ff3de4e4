// `polltls cert verify`: whether a certificate is what it says, one from the command line or many from a file of JSON
// lines. Path validation only: what a handshake asks of the key's usage isn't asked here.

import { createReadStream } from "node:fs";
import { createInterface } from "node:readline";
import { NO_BYTES } from "polltls/base/bytes";
import { ARGUMENT_REFUSED, codeOf, type Failure, NO_FAILURE } from "polltls/base/failure";
import { failureName } from "polltls/base/failure-text";
import { CERTIFICATE_ERR, DONE, VERIFY_ERR, WORKING } from "polltls/base/status";
import { CertificateList } from "polltls/pki/certificate-list";
import { ChainVerifier } from "polltls/pki/chain";
import { ChainPolicy, PROFILE_PATH, PROFILE_STRICT, PROFILE_WEB } from "polltls/pki/chain-policy";
import { PURPOSE_CLIENT, PURPOSE_SERVER } from "polltls/pki/extensions";
import { nameText } from "polltls/pki/name-text";
import { PEM_CERTIFICATE, PEM_X509_CRL } from "polltls/pki/pem";
import { TrustStore } from "polltls/pki/trust";
import { UsageError } from "../command/options.js";
import { CertificateError, choiceOf, integerOf, type Output, parse, valuesOf, valuesOfFile } from "./files.js";
import { certificateRegistry } from "./registry.js";

const options = {
	ca: { type: "string", multiple: true },
	chain: { type: "string", multiple: true },
	name: { type: "string" },
	time: { type: "string" },
	purpose: { type: "string" },
	crl: { type: "string", multiple: true },
	pin: { type: "string", multiple: true },
	"max-depth": { type: "string" },
	profile: { type: "string" },
	batch: { type: "string" },
} as const;

const purposes = { server: PURPOSE_SERVER, client: PURPOSE_CLIENT };
const profiles = { path: PROFILE_PATH, strict: PROFILE_STRICT, web: PROFILE_WEB };

const USAGE = 2;

/** One question: DER everywhere, the peer's own certificate first. */
interface Question {
	anchors: Uint8Array[];
	certificates: Uint8Array[];
	crls: Uint8Array[];
	/** SHA-256 of SubjectPublicKeyInfos: one of them must be on the path, or is its end where there are no anchors. */
	pins: Uint8Array[];
	name: string;
	seconds: number;
	policy: ChainPolicy;
}

interface Answer {
	failure: Failure;
	/** Index of the certificate in the list, -1 for the anchor. */
	index: number;
	/** Whom the failure is about, "" if nobody. */
	subject: string;
}

class Verification {
	readonly #verifier: ChainVerifier;

	constructor() {
		const registry = certificateRegistry();
		this.#verifier = new ChainVerifier(registry);
	}

	answer(question: Question): Answer {
		const trust = new TrustStore();
		const ofStore = (failure: Failure): Answer => ({ failure, index: -1, subject: "" });
		for (const anchor of question.anchors) {
			const failure = trust.addDer(anchor);
			if (failure !== NO_FAILURE) return ofStore(failure);
		}
		for (const crl of question.crls) {
			const failure = trust.addCrlDer(crl);
			if (failure !== NO_FAILURE) return ofStore(failure);
		}
		for (const pin of question.pins) trust.addPin(pin);
		const list = listOf(question.certificates);
		const verifier = this.#verifier;
		verifier.start(question.policy, trust, list, question.name, question.seconds);
		let status: number;
		do status = verifier.step(64);
		while (status === WORKING);
		const index = verifier.certificateIndex;
		const subject = status === DONE ? NO_BYTES : verifier.failedSubject();
		return { failure: status === DONE ? NO_FAILURE : status, index, subject: subject.length === 0 ? "" : nameText(subject, 0, subject.length) };
	}
}

/** Certificates one behind the other, as they stand in a connection's memory. */
export function listOf(certificates: readonly Uint8Array[]): CertificateList {
	const list = new CertificateList(certificates.length);
	list.reset(new Uint8Array(Buffer.concat(certificates)));
	let at = 0;
	for (const certificate of certificates) {
		list.add(at, at + certificate.length);
		at += certificate.length;
	}
	return list;
}

/** The exit code of a failure: 16 for a rule that isn't fulfilled, 17 for everything that can't be read. */
function exitCode(failure: Failure): number {
	return codeOf(failure) === VERIFY_ERR ? VERIFY_ERR : CERTIFICATE_ERR;
}

export async function runVerify(args: string[], output: Output): Promise<number> {
	const { values, positionals } = parse(args, options);
	if (values.batch !== undefined) {
		if (positionals.length > 0 || Object.keys(values).length > 1) throw new UsageError("cert verify --batch FILE: the rest stands in the file's lines");
		return runBatch(values.batch, output);
	}
	if (positionals.length !== 1) throw new UsageError("cert verify: one LEAF is needed");
	if (values.ca === undefined && values.pin === undefined) throw new UsageError("cert verify: --ca FILE or --pin SHA256 is needed");
	const pins = (values.pin ?? []).map((text) => pinOf("--pin", text));
	const policy = policyOf(
		choiceOf("--purpose", values.purpose ?? "server", ["server", "client"]),
		values["max-depth"] === undefined ? undefined : integerOf("--max-depth", values["max-depth"], 0, 100),
		choiceOf("--profile", values.profile ?? "path", ["path", "strict", "web"]),
	);
	const seconds = values.time === undefined ? Math.floor(Date.now() / 1000) : integerOf("--time", values.time, 0, 1e12);
	let answer: Answer;
	try {
		const certificates = [positionals[0], ...(values.chain ?? [])].flatMap((file) => valuesOfFile(file, PEM_CERTIFICATE));
		const anchors = (values.ca ?? []).flatMap((file) => valuesOfFile(file, PEM_CERTIFICATE));
		const crls = (values.crl ?? []).flatMap((file) => valuesOfFile(file, PEM_X509_CRL));
		answer = new Verification().answer({ anchors, certificates, crls, pins, name: values.name ?? "", seconds, policy });
	} catch (error) {
		if (!(error instanceof CertificateError)) throw error;
		answer = { failure: error.failure, index: -1, subject: error.message };
	}
	if (answer.failure === NO_FAILURE) {
		output.out("ok\n");
		return 0;
	}
	output.out(`${failureName(answer.failure)}\n`);
	const who = answer.subject === "" ? "" : ` (${answer.subject})`;
	output.err(`polltls: ${failureName(answer.failure)}: ${answer.index < 0 ? "trust store" : `certificate ${answer.index}`}${who}\n`);
	return exitCode(answer.failure);
}

function policyOf(purpose: keyof typeof purposes, maxDepth: number | undefined, profile: keyof typeof profiles): ChainPolicy {
	const policy = new ChainPolicy();
	policy.purpose = purposes[purpose];
	policy.profile = profiles[profile];
	policy.leafKeyUsage = 0;
	if (maxDepth !== undefined) policy.maxDepth = maxDepth;
	return policy;
}

/** A line of a batch; fields that are absent or null have their defaults. */
interface Line {
	id?: unknown;
	ca?: string[];
	chain?: string[] | null;
	leaf?: string;
	name?: string | null;
	time?: number | string | null;
	purpose?: string | null;
	maxDepth?: number | null;
	crls?: string[] | null;
	profile?: string | null;
	pins?: string[] | null;
}

/** One JSON object a line in, one a line out: { id, ok, failure, certificate, subject }. The exit code is 2 if a line isn't understood. */
async function runBatch(file: string, output: Output): Promise<number> {
	const verification = new Verification();
	let code = 0;
	const input = file === "-" ? process.stdin : createReadStream(file);
	for await (const text of createInterface({ input, crlfDelay: Number.POSITIVE_INFINITY })) {
		if (text.trim() === "") continue;
		let id: unknown;
		try {
			const line = JSON.parse(text) as Line;
			id = line.id;
			const answer = answerLine(verification, line);
			const failure = answer.failure === NO_FAILURE ? null : failureName(answer.failure);
			const about = failure === null ? {} : { certificate: answer.index, subject: answer.subject };
			output.out(`${JSON.stringify({ id, ok: failure === null, failure, ...about })}\n`);
		} catch (error) {
			// one line that can't be understood doesn't take the others with it
			if (!(error instanceof UsageError || error instanceof SyntaxError || error instanceof TypeError)) throw error;
			code = USAGE;
			output.out(`${JSON.stringify({ id: id ?? null, ok: false, failure: failureName(ARGUMENT_REFUSED), detail: error.message })}\n`);
		}
	}
	return code;
}

function answerLine(verification: Verification, line: Line): Answer {
	const policy = policyOf(
		choiceOf("purpose", (line.purpose ?? "server").toLowerCase(), ["server", "client"]),
		line.maxDepth ?? undefined,
		choiceOf("profile", line.profile ?? "path", ["path", "strict", "web"]),
	);
	const all = (texts: readonly string[] | null | undefined, kinds: number, what: string): Uint8Array[] =>
		(texts ?? []).flatMap((text) => valuesOf(text, kinds, what));
	try {
		return verification.answer({
			anchors: all(line.ca, PEM_CERTIFICATE, "ca"),
			certificates: all([line.leaf ?? "", ...(line.chain ?? [])], PEM_CERTIFICATE, "chain"),
			crls: all(line.crls, PEM_X509_CRL, "crls"),
			pins: (line.pins ?? []).map((text) => pinOf("pins", text)),
			name: line.name ?? "",
			seconds: secondsOf(line.time),
			policy,
		});
	} catch (error) {
		if (!(error instanceof CertificateError)) throw error;
		return { failure: error.failure, index: -1, subject: error.message };
	}
}

/** A SHA-256 in hexadecimal, with or without colons. */
function pinOf(option: string, text: string): Uint8Array {
	const digits = text.replaceAll(":", "");
	if (!/^[0-9a-f]{64}$/i.test(digits)) throw new UsageError(`${option}: "${text}" is not a SHA-256 in hexadecimal`);
	return new Uint8Array(Buffer.from(digits, "hex"));
}

/** Seconds since 1970, a number or a text that Date understands; now if it isn't said. */
function secondsOf(time: number | string | null | undefined): number {
	if (time === null || time === undefined) return Math.floor(Date.now() / 1000);
	const value = typeof time === "number" ? time : /^\d+$/.test(time) ? Number(time) : Date.parse(time) / 1000;
	if (!Number.isFinite(value)) throw new UsageError(`time: "${time}" is no time`);
	return Math.floor(value);
}
