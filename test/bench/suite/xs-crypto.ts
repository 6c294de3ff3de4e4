// The XS half of ../xs-crypto.ts: measures all operations at once, and runs single ones call by call for the engine's
// meters.

import { DONE, WORKING } from "polltls/base/status";
import { nobleAes128Ccm, nobleAes128Ccm8, nobleAes128Gcm, nobleChaCha20Poly1305 } from "polltls/crypto/noble/aeads";
import { nobleSha256, nobleSha384 } from "polltls/crypto/noble/hashes";
import { Registry } from "polltls/crypto/registry";
import type { Job } from "polltls/crypto/types";
import { hostSha256, hostSha384, hostSha512 } from "../../../hosts/sim/crypto-host.js";
import { spent } from "../../../hosts/sim/host-call.js";
import { measureOperations } from "./measure.js";
import { nobleOperations } from "./noble-operations.js";
import { expectDone, type Operation, SLICE } from "./operation.js";
import { publicKeyOperations, type RsaKey } from "./public-key-operations.js";
import { symmetricOperations } from "./symmetric-operations.js";
import { ADVANCE, BEGIN, COLLECT, MEASURE, NOTHING, PREPARE } from "./xs-commands.js";

declare const performance: { now(): number };
declare const gc: () => void;
declare const TextEncoder: new () => { encode(text: string): Uint8Array };
declare const benchRsaKey: RsaKey;

/** Hashes are native code on a device and the host's here. */
function deviceHashes(): Registry {
	const registry = new Registry();
	for (const hash of [hostSha256, hostSha384, hostSha512]) registry.registerHash(registry.hashes.length, hash);
	return registry;
}

function nobleRegistry(): Registry {
	const registry = new Registry();
	for (const hash of [nobleSha256, nobleSha384]) registry.registerHash(registry.hashes.length, hash);
	for (const bulk of [nobleAes128Gcm, nobleAes128Ccm, nobleAes128Ccm8, nobleChaCha20Poly1305]) registry.registerBulk(registry.bulks.length, bulk);
	return registry;
}

const operations: Operation[] = [...publicKeyOperations(deviceHashes(), benchRsaKey), ...nobleOperations(), ...symmetricOperations(nobleRegistry(), "noble")];

/** Microseconds without what the host did meanwhile. */
function now(): number {
	return (performance.now() - spent.milliseconds) * 1000;
}

let job: Job | undefined;
const done = Uint8Array.of(0).buffer;
const more = Uint8Array.of(1).buffer;

function begin(operation: Operation): ArrayBuffer {
	job = operation.begin?.();
	if (job !== undefined) return more;
	operation.run?.();
	return done;
}

function advance(operation: Operation): ArrayBuffer {
	const status = job?.step(SLICE) ?? DONE;
	if (status === WORKING) return more;
	expectDone(operation, status);
	return done;
}

(globalThis as { handleCommand?: unknown }).handleCommand = (command: ArrayBuffer): ArrayBuffer => {
	const view = new DataView(command);
	const number = view.byteLength > 1 ? view.getUint16(1) : 0;
	switch (view.getUint8(0)) {
		case MEASURE:
			return new TextEncoder().encode(JSON.stringify(measureOperations(operations, now, number, view.getUint32(3)))).buffer as ArrayBuffer;
		case COLLECT:
			gc();
			return done;
		case PREPARE:
			operations[number].prepare?.();
			return done;
		case BEGIN:
			return begin(operations[number]);
		case ADVANCE:
			return advance(operations[number]);
		case NOTHING:
			return done;
		default:
			throw new RangeError("no such command");
	}
};
