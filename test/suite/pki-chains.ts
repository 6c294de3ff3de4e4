// Portable cases for pki on our own public-key arithmetic: chains that test/unit/pki/xs.test.ts makes, PEM and keys, and
// a certificate issued and verified on the spot.

import { NO_FAILURE } from "polltls/base/failure";
import { DONE, WORKING } from "polltls/base/status";
import { nobleSha1, nobleSha256, nobleSha384, nobleSha512 } from "polltls/crypto/noble/hashes";
import { ed25519 } from "polltls/crypto/public-key/ed25519";
import { ecdsaP256 } from "polltls/crypto/public-key/p256";
import { ecdsaP384 } from "polltls/crypto/public-key/p384";
import { rsa, rsaPss } from "polltls/crypto/public-key/rsa";
import { Registry } from "polltls/crypto/registry";
import type { Job } from "polltls/crypto/types";
import { CertificateFields, commonName } from "polltls/pki/certificate-fields";
import { CertificateList } from "polltls/pki/certificate-list";
import { ChainVerifier } from "polltls/pki/chain";
import { ChainPolicy } from "polltls/pki/chain-policy";
import { CertificateIssuer } from "polltls/pki/issue";
import { PrivateKeyDecoder } from "polltls/pki/keys";
import { encodePem, PEM_CERTIFICATE, PemReader } from "polltls/pki/pem";
import { TrustStore } from "polltls/pki/trust";

/** Hexadecimal DER; what the verifier must answer: 0 or the failure. */
export interface PlainChain {
	name: string;
	chain: string[];
	anchors: string[];
	crls: string[];
	response: string;
	server: string;
	seconds: number;
	failure: number;
}

declare const pkiChains: { chains: PlainChain[]; key: string };

const registry = new Registry();
for (const hash of [nobleSha256, nobleSha384, nobleSha512, nobleSha1]) registry.registerHash(registry.hashes.length, hash);
for (const signature of [ecdsaP256, ecdsaP384, rsa, rsaPss, ed25519]) registry.registerSign(registry.signatures.length, signature);
registry.start();

function fromHex(text: string): Uint8Array {
	const bytes = new Uint8Array(text.length >> 1);
	for (let i = 0; i < bytes.length; i++) bytes[i] = Number.parseInt(text.slice(2 * i, 2 * i + 2), 16);
	return bytes;
}

function same(actual: number, expected: number, what: string): void {
	if (actual !== expected) throw new Error(`${what}: ${actual}, not ${expected}`);
}

function finish(job: Job): number {
	for (;;) {
		const status = job.step(8);
		if (status !== WORKING) return status;
	}
}

function listOf(certificates: readonly Uint8Array[], response: Uint8Array): CertificateList {
	let length = response.length;
	for (const certificate of certificates) length += certificate.length;
	const memory = new Uint8Array(length);
	const list = new CertificateList(certificates.length);
	list.reset(memory);
	let at = 0;
	for (const certificate of certificates) {
		memory.set(certificate, at);
		list.add(at, at + certificate.length);
		at += certificate.length;
	}
	memory.set(response, at);
	if (response.length > 0) list.staple(0, at, length);
	return list;
}

const verifier = new ChainVerifier(registry);

function verify(each: PlainChain): void {
	const trust = new TrustStore();
	for (const anchor of each.anchors) same(trust.addDer(fromHex(anchor)), NO_FAILURE, "the anchor");
	for (const crl of each.crls) same(trust.addCrlDer(fromHex(crl)), NO_FAILURE, "the CRL");
	verifier.start(new ChainPolicy(), trust, listOf(each.chain.map(fromHex), fromHex(each.response)), each.server, each.seconds);
	const status = finish(verifier);
	same(status === DONE ? NO_FAILURE : status, each.failure, "the verdict");
}

/** Not for keys: a test's repeatable bytes. */
let counter = 1;
const entropy = {
	fill(bytes: Uint8Array, at: number, end: number): void {
		for (; at < end; at++) {
			counter = (counter * 1103515245 + 12345) & 0x7fffffff;
			bytes[at] = counter >> 16;
		}
	},
};

function issueAndVerify(): void {
	const decoder = new PrivateKeyDecoder();
	same(decoder.decodePem(pkiChains.key), NO_FAILURE, "the key");
	const { key, publicKey } = decoder;
	if (publicKey === undefined) throw new Error("the key's file says its public half");
	const fields = new CertificateFields();
	fields.subject = commonName("Gerät 7");
	fields.names = ["device-7.local", "192.168.1.7"];
	fields.notBefore = 1000;
	fields.notAfter = 3000000000;
	const issuer = new CertificateIssuer(registry, 1024);
	issuer.startSelfSigned(fields, key, publicKey, entropy);
	same(finish(issuer), DONE, "the certificate");
	const der = issuer.der.slice(0, issuer.length);
	const pem = encodePem("CERTIFICATE", der, 0, der.length);
	const reader = new PemReader(pem);
	if (!reader.find(PEM_CERTIFICATE)) throw new Error("no certificate in the PEM text");
	const trust = new TrustStore();
	same(trust.addPem(pem), NO_FAILURE, "the anchor");
	const none = new Uint8Array(0);
	for (const [server, expected] of [
		["device-7.local", DONE],
		["192.168.1.7", DONE],
		["other.local", 0],
	] as const) {
		verifier.start(new ChainPolicy(), trust, listOf([reader.der], none), server, 2000);
		const status = finish(verifier);
		if ((status === DONE) !== (expected === DONE)) throw new Error(`${server}: ${status}`);
	}
}

export const cases: Record<string, () => void> = { "a certificate issued and verified": issueAndVerify };
for (const each of pkiChains.chains) cases[each.name] = () => verify(each);
