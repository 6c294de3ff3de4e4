// The XS half of ../chains.ts: verifies a chain step by step, for the engine's meters.

import { DONE, WORKING } from "polltls/base/status";
import { CertificateList } from "polltls/pki/certificate-list";
import { ChainVerifier } from "polltls/pki/chain";
import { ChainPolicy } from "polltls/pki/chain-policy";
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
		default:
	}
	return new ArrayBuffer(0);
};
