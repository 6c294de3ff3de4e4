// The XS half of ./keygen.ts: a device's key pair, made or read from its store, a slice a command.

import { DONE, WORKING } from "polltls/base/status";
import { EcGenerate } from "polltls/crypto/public-key/ec-generate";
import { Ed25519Generate } from "polltls/crypto/public-key/ed25519-generate";
import { p256 } from "polltls/crypto/public-key/p256-curve";
import { p384 } from "polltls/crypto/public-key/p384-curve";
import { RsaGeneration } from "polltls/crypto/public-key/rsa-generate";
import type { GenerateJob } from "polltls/crypto/types";
import { encodePrivateKey, encodePublicKeyInfo } from "polltls/pki/key-writer";
import { StoredKey } from "polltls/pki/stored-key";
import { SimulatedEntropy, SimulatedStore } from "./device.js";
import { BEGIN, PRIVATE, PUBLIC, STEP } from "./keygen-protocol.js";
import { commandRegistry } from "./registry.js";

declare const performance: { now(): number };

const registry = commandRegistry();
let identity: StoredKey | undefined;
let milliseconds = 0;

function jobOf(kind: number): GenerateJob {
	if (kind === 2) return new Ed25519Generate(registry);
	return kind === 3 ? new RsaGeneration() : new EcGenerate(kind === 0 ? p256 : p384);
}

function begin(kind: number, bits: number): Uint8Array {
	identity = new StoredKey(new SimulatedStore(), "key", jobOf(kind));
	const before = performance.now();
	identity.start(new SimulatedEntropy(), bits);
	milliseconds = performance.now() - before;
	return new Uint8Array(0);
}

function step(one: StoredKey, budget: number): Uint8Array {
	const before = performance.now();
	const status = one.step(budget);
	milliseconds += performance.now() - before;
	if (status === WORKING || status === DONE) return Uint8Array.of(status === WORKING ? 1 : 0);
	return Uint8Array.of(status >> 24, status >> 16, status >> 8, status);
}

function told(one: StoredKey): Uint8Array {
	const answer = new DataView(new ArrayBuffer(9));
	answer.setUint8(0, one.isNew ? 1 : 0);
	answer.setFloat64(1, milliseconds);
	return new Uint8Array(answer.buffer);
}

function answer([what, first, second, third]: Uint8Array): Uint8Array {
	if (what === BEGIN) return begin(first, (second << 8) | third);
	if (identity === undefined) throw new Error("nothing has begun");
	if (what === STEP) return step(identity, (first << 8) | second);
	if (what === PRIVATE) return encodePrivateKey(identity.privateKey, identity.publicKey);
	return what === PUBLIC ? encodePublicKeyInfo(identity.publicKey) : told(identity);
}

(globalThis as { handleCommand?: unknown }).handleCommand = (command: ArrayBuffer): ArrayBuffer =>
	answer(new Uint8Array(command)).slice().buffer as ArrayBuffer;
