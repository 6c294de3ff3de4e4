// The XS half of ../chains.ts: verifies a chain step by step, for the engine's meters.

import { DONE, WORKING } from "polltls/base/status";
import { EcGenerate } from "polltls/crypto/public-key/ec-generate";
import { Ed25519Generate } from "polltls/crypto/public-key/ed25519-generate";
import { p256 } from "polltls/crypto/public-key/p256-curve";
import { p384 } from "polltls/crypto/public-key/p384-curve";
import { RsaGeneration } from "polltls/crypto/public-key/rsa-generate";
import type { GenerateJob, Job } from "polltls/crypto/types";
import type { Entropy } from "polltls/os/os";
import { CertificateFields, commonName } from "polltls/pki/certificate-fields";
import { CertificateList } from "polltls/pki/certificate-list";
import { ChainVerifier } from "polltls/pki/chain";
import { ChainPolicy } from "polltls/pki/chain-policy";
import { CertificateIssuer } from "polltls/pki/issue";
import { SignatureCache } from "polltls/pki/signature-cache";
import { TrustStore } from "polltls/pki/trust";
import { commandRegistry } from "../../../hosts/sim/registry.js";
import { fromHex } from "./hex.js";

declare const performance: { now(): number };
declare const gc: () => void;
declare const TextEncoder: new () => { encode(text: string): Uint8Array };
/** Hexadecimal DER: the chains leaf first, without the anchor, and the anchors. */
declare const benchChains: { chain: string[]; anchor: string; seconds: number; cached: boolean }[];

// What the Node half asks for: u8 what, u8 which chain
export const GARBAGE = 0;
export const MAKE = 1;
export const START = 2;
export const STEP = 3;
export const TIME = 4;
export const IDLE = 5;
/** Begins to make a key pair of a kind, and the certificate of the last one. */
export const KEY = 6;
export const ISSUE = 7;
export const WORK = 8;
/** Does all of that work: milliseconds. */
export const RUN = 9;

const registry = commandRegistry();
const policy = new ChainPolicy();
const lists: CertificateList[] = [];
const trusts: TrustStore[] = [];
for (const { chain, anchor, cached } of benchChains) {
	const certificates = chain.map(fromHex);
	const memory = new Uint8Array(certificates.reduce((sum, one) => sum + one.length, 0));
	const list = new CertificateList(certificates.length);
	list.reset(memory);
	let at = 0;
	for (const certificate of certificates) {
		memory.set(certificate, at);
		list.add(at, at + certificate.length);
		at += certificate.length;
	}
	const trust = new TrustStore();
	trust.addDer(fromHex(anchor));
	if (cached) trust.signatures = new SignatureCache(registry, 2);
	lists.push(list);
	trusts.push(trust);
}

/** The same bytes at every start, and no end of them: never for real keys. */
let state = 0x2545f491;
const entropy: Entropy = {
	fill(bytes, at, end) {
		for (; at < end; at++) {
			state ^= state << 13;
			state ^= state >>> 17;
			state ^= state << 5;
			bytes[at] = state;
		}
	},
};
const generators = [new EcGenerate(p256), new EcGenerate(p384), new Ed25519Generate(registry), new RsaGeneration()];
const issuer = new CertificateIssuer(registry, 1024);
let job: Job = generators[0];
let made: GenerateJob = generators[0];

function startKey(which: number): void {
	made = generators[which];
	made.start(entropy, 2048);
	job = made;
}

function startCertificate(): void {
	const fields = new CertificateFields();
	fields.subject = commonName("device-7");
	fields.names = ["device-7.local", "192.168.1.7"];
	fields.notAfter = 3000000000;
	issuer.startSelfSigned(fields, made.privateKey, made.publicKey, entropy);
	job = issuer;
}

function work(): number {
	const status = job.step(8);
	if (status !== WORKING && status !== DONE) throw new Error(`it can't be made: ${status >> 16}`);
	return status === WORKING ? 1 : 0;
}

function timeWork(): number {
	const before = performance.now();
	while (work() === 1);
	return performance.now() - before;
}

let verifier = new ChainVerifier(registry);
const begin = (which: number): void => verifier.start(policy, trusts[which], lists[which], "leaf.example", benchChains[which].seconds);

/** Milliseconds of one verification. */
function time(which: number): number {
	const before = performance.now();
	begin(which);
	let status: number;
	do status = verifier.step(8);
	while (status === WORKING);
	if (status !== DONE) throw new Error(`the chain is refused: ${status >> 16}`);
	return performance.now() - before;
}

(globalThis as { handleCommand?: unknown }).handleCommand = (command: ArrayBuffer): ArrayBuffer => {
	const [what, which] = new Uint8Array(command);
	switch (what) {
		case GARBAGE:
			gc();
			break;
		case MAKE:
			verifier = new ChainVerifier(registry);
			break;
		case START:
			begin(which);
			break;
		case STEP:
			return Uint8Array.of(verifier.step(8) === WORKING ? 1 : 0).buffer;
		case TIME:
			return new TextEncoder().encode(String(time(which))).buffer as ArrayBuffer;
		case KEY:
			startKey(which);
			break;
		case ISSUE:
			startCertificate();
			break;
		case WORK:
			return Uint8Array.of(work()).buffer;
		case RUN:
			return new TextEncoder().encode(String(timeWork())).buffer as ArrayBuffer;
		default:
	}
	return new ArrayBuffer(0);
};
