// Verifying chains in tests: PEM or DER in, the verifier's answer out.

import * as failures from "polltls/base/failure";
import { NO_FAILURE } from "polltls/base/failure";
import { DONE, WORKING } from "polltls/base/status";
import type { Registry } from "polltls/crypto/registry";
import { CertificateList } from "polltls/pki/certificate-list";
import { ChainVerifier } from "polltls/pki/chain";
import { ChainPolicy } from "polltls/pki/chain-policy";
import { PEM_CERTIFICATE, PemReader } from "polltls/pki/pem";
import { TrustStore } from "polltls/pki/trust";
import { nodeRegistry } from "./node-registry.js";

export type Source = string | Uint8Array;

/** Certificates of PEM texts and DER arrays. */
export function certificatesOf(sources: readonly Source[]): Uint8Array[] {
	const found: Uint8Array[] = [];
	for (const source of sources) {
		if (typeof source !== "string") {
			found.push(source);
			continue;
		}
		const reader = new PemReader(source);
		while (reader.find(PEM_CERTIFICATE)) found.push(reader.der);
		if (reader.end() !== NO_FAILURE) throw new Error("no certificate in a PEM text");
	}
	return found;
}

/** The certificates one after the other in one array, as they stand in a connection's memory. */
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

export function trustOf(anchors: readonly Source[]): TrustStore {
	const trust = new TrustStore();
	for (const anchor of certificatesOf(anchors)) {
		const failure = trust.addDer(anchor);
		if (failure !== NO_FAILURE) throw new Error(`anchor refused: ${nameOf(failure)}`);
	}
	return trust;
}

const names = new Map<number, string>();
for (const [name, value] of Object.entries(failures)) if (typeof value === "number") names.set(value, name);

/** The name of a failure, "ok" for none. */
export function nameOf(failure: number): string {
	return failure === NO_FAILURE ? "ok" : (names.get(failure) ?? `failure ${failure}`);
}

export interface Answer {
	/** "ok" or the failure's name. */
	outcome: string;
	index: number;
	result: number;
	steps: number;
	verifier: ChainVerifier;
}

export interface Question {
	/** Leaf first. */
	chain: readonly Source[];
	anchors?: readonly Source[];
	trust?: TrustStore;
	name?: string;
	/** Seconds since 1970; now if it isn't said. */
	seconds?: number;
	policy?: Partial<ChainPolicy>;
	registry?: Registry;
	verifier?: ChainVerifier;
}

/** Runs a verifier to its end. */
export function verifyChain(question: Question): Answer {
	const verifier = question.verifier ?? new ChainVerifier(question.registry ?? nodeRegistry());
	const policy = Object.assign(new ChainPolicy(), question.policy);
	const trust = question.trust ?? trustOf(question.anchors ?? []);
	verifier.start(policy, trust, listOf(certificatesOf(question.chain)), question.name ?? "", question.seconds ?? Math.floor(Date.now() / 1000));
	let steps = 0;
	let status: number;
	do {
		status = verifier.step(8);
		if (++steps > 100000) throw new Error("the verifier doesn't come to an end");
	} while (status === WORKING);
	return {
		outcome: status === DONE ? "ok" : nameOf(status),
		index: verifier.certificateIndex,
		result: verifier.verifyResult,
		steps,
		verifier,
	};
}
