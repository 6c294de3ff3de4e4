// A device's key pair in its store: made once, read later, in Node and on XS by the command.

import assert from "node:assert/strict";
import { createPrivateKey, createPublicKey } from "node:crypto";
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { PRIVATE_KEY_MALFORMED, STORED_KEY_MALFORMED } from "polltls/base/failure";
import { DONE, WORKING } from "polltls/base/status";
import { EcGenerate } from "polltls/crypto/public-key/ec-generate";
import { Ed25519Generate } from "polltls/crypto/public-key/ed25519-generate";
import { p256 } from "polltls/crypto/public-key/p256-curve";
import { p384 } from "polltls/crypto/public-key/p384-curve";
import { RsaGeneration } from "polltls/crypto/public-key/rsa-generate";
import type { GenerateJob } from "polltls/crypto/types";
import type { Store } from "polltls/os/os";
import { encodePublicKeyInfo } from "polltls/pki/key-writer";
import { StoredKey } from "polltls/pki/stored-key";
import { UsageError } from "../../../hosts/node/command/options.js";
import { runKeygen } from "../../../hosts/node/command-cert.js";
import { nodeEntropy } from "../../../hosts/node/entropy.js";
import { nodeRegistry } from "../../support/node-registry.js";

const registry = nodeRegistry();
const jobs: Record<string, () => GenerateJob> = {
	p256: () => new EcGenerate(p256),
	p384: () => new EcGenerate(p384),
	ed25519: () => new Ed25519Generate(registry),
	rsa: () => new RsaGeneration(),
};

class MemoryStore implements Store {
	readonly values = new Map<string, Uint8Array>();
	get(name: string): Uint8Array | undefined {
		return this.values.get(name)?.slice();
	}
	set(name: string, value: Uint8Array): void {
		this.values.set(name, value.slice());
	}
	delete(name: string): void {
		this.values.delete(name);
	}
}

function finish(key: StoredKey): number {
	key.start(nodeEntropy, 2048);
	let status: number;
	do status = key.step(64);
	while (status === WORKING);
	return status;
}

for (const [name, make] of Object.entries(jobs))
	test(`${name}: made at the first start, read at the next`, () => {
		const store = new MemoryStore();
		const first = new StoredKey(store, "key", make());
		assert.equal(finish(first), DONE);
		assert.equal(first.isNew, true);
		const { bytes, at, end } = first.publicKey;
		const [secret, open] = [first.privateKey.bytes.slice(), encodePublicKeyInfo({ type: first.publicKey.type, bytes, at, end })];
		const second = new StoredKey(store, "key", make());
		second.start(nodeEntropy, 2048);
		assert.equal(second.step(1), DONE, "at once");
		assert.equal(second.isNew, false);
		assert.deepEqual(second.privateKey.bytes, secret);
		assert.deepEqual(encodePublicKeyInfo(second.publicKey), open);
		second.wipe();
		assert.ok(second.privateKey.bytes.every((byte) => byte === 0));
		const other = new StoredKey(store, "other", make());
		assert.equal(finish(other), DONE);
		assert.notDeepEqual(other.privateKey.bytes, secret);
	});

test("a value that can't be read is a failure, and stays", () => {
	const store = new MemoryStore();
	assert.equal(finish(new StoredKey(store, "a", jobs.p256())), DONE);
	assert.equal(finish(new StoredKey(store, "b", jobs.p384())), DONE);
	const [a, b] = [store.get("a"), store.get("b")] as Uint8Array[];
	const keyOf = (value: Uint8Array): Uint8Array => value.subarray(0, 2 + (value[1] > 127 ? 1 + value[2] : value[1]));
	const infoOf = (value: Uint8Array): Uint8Array => value.subarray(keyOf(value).length);
	const spoilt = a.slice();
	spoilt[4] ^= 1; // the version of PKCS#8
	for (const [value, failure] of [
		[new Uint8Array(0), STORED_KEY_MALFORMED],
		[keyOf(a), STORED_KEY_MALFORMED],
		[a.subarray(0, a.length - 1), STORED_KEY_MALFORMED],
		[Uint8Array.from([...a, 0]), STORED_KEY_MALFORMED],
		[Uint8Array.from([...keyOf(a), ...infoOf(b)]), STORED_KEY_MALFORMED],
		[spoilt, PRIVATE_KEY_MALFORMED],
	] as const) {
		store.set("key", value);
		const key = new StoredKey(store, "key", jobs.p256());
		assert.equal(finish(key), failure);
		assert.equal(key.step(1), failure, "it sticks");
		assert.deepEqual(store.get("key"), value.slice());
	}
});

test("what the store throws goes on", () => {
	const full: Store = Object.assign(new MemoryStore(), {
		set() {
			throw new Error("full");
		},
	});
	assert.throws(() => finish(new StoredKey(full, "key", jobs.p256())), /full/);
});

const folder = mkdtempSync(join(tmpdir(), "polltls-keygen-"));
after(() => rmSync(folder, { recursive: true }));

async function run(...args: string[]): Promise<{ code: number; out: string; err: string }> {
	const caught = { out: "", err: "" };
	const output = {
		out: (text: string | Uint8Array) => void (caught.out += typeof text === "string" ? text : Buffer.from(text).toString()),
		err: (text: string) => void (caught.err += text),
	};
	return { code: await runKeygen(args, output), ...caught };
}

test("keygen --engine xs: a key that node:crypto takes, and what it took", async () => {
	for (const [type, curve] of [
		["p256", "prime256v1"],
		["p384", "secp384r1"],
		["ed25519", undefined],
	] as const) {
		const { code, out, err } = await run("--engine", "xs", "--type", type, "--public", join(folder, "pub"));
		assert.equal(code, 0);
		const key = createPrivateKey(out);
		assert.equal(key.asymmetricKeyDetails?.namedCurve, curve);
		assert.equal(createPublicKey(key).export({ type: "spki", format: "pem" }), readFileSync(join(folder, "pub"), "utf8"));
		const figures = /made on XS: [\d.]+ ms in (\d+) slices, compute (\d+), the longest slice (\d+); (\d+) bytes of heap at the most/.exec(err);
		assert.ok(figures, err);
		const [slices, compute, longest, bytes] = figures.slice(1).map(Number);
		assert.ok(slices > 5 && longest < compute / 3 && bytes < 8192, err);
	}
});

test("keygen --engine xs --store: the device's key is there at the next start", async () => {
	const store = join(folder, "store");
	const first = await run("--engine", "xs", "--store", store);
	const second = await run("--engine", "xs", "--store", store);
	assert.match(first.err, /made on XS/);
	assert.equal(second.err, `polltls: read from the store ${store}\n`);
	assert.equal(first.out, second.out);
	const [file] = readdirSync(store);
	assert.equal(statSync(join(store, file)).mode & 0o77, 0, "nobody else reads it");
	writeFileSync(join(store, file), "noise");
	const broken = await run("--engine", "xs", "--store", store);
	assert.deepEqual([broken.code, broken.out, broken.err], [17, "", `polltls: STORED_KEY_MALFORMED: ${store}\n`]);
	await assert.rejects(run("--store", store), UsageError);
	await assert.rejects(run("--engine", "v8"), UsageError);
});
