// `polltls keygen`: a fresh private key, made by our own jobs, in Node or in the XS engine as on a device.

import { DONE, WORKING } from "polltls/base/status";
import { EcGenerate } from "polltls/crypto/public-key/ec-generate";
import { Ed25519Generate } from "polltls/crypto/public-key/ed25519-generate";
import { p256 } from "polltls/crypto/public-key/p256-curve";
import { p384 } from "polltls/crypto/public-key/p384-curve";
import { RsaGeneration } from "polltls/crypto/public-key/rsa-generate";
import type { GenerateJob } from "polltls/crypto/types";
import { encodePrivateKey, encodePublicKeyInfo } from "polltls/pki/key-writer";
import { UsageError } from "../command/options.js";
import { nodeEntropy } from "../entropy.js";
import { CertificateError, choiceOf, giveOut, integerOf, type Output, parse } from "./files.js";
import { certificateRegistry } from "./registry.js";

const options = {
	type: { type: "string" },
	bits: { type: "string" },
	out: { type: "string" },
	public: { type: "string" },
	engine: { type: "string" },
	store: { type: "string" },
} as const;

type KeyName = "p256" | "p384" | "ed25519" | "rsa";

interface Made {
	/** PKCS#8, to be wiped, and SubjectPublicKeyInfo. */
	key: Uint8Array;
	publicKey: Uint8Array;
}

function jobOf(type: KeyName): GenerateJob {
	if (type === "ed25519") return new Ed25519Generate(certificateRegistry());
	if (type === "rsa") return new RsaGeneration();
	return new EcGenerate(type === "p256" ? p256 : p384);
}

function makeInNode(type: KeyName, bits: number): Made {
	const job = jobOf(type);
	job.start(nodeEntropy, bits);
	let status: number;
	do status = job.step(1024);
	while (status === WORKING);
	if (status !== DONE) throw new CertificateError(status, "the key can't be made");
	const made = { key: encodePrivateKey(job.privateKey, job.publicKey), publicKey: encodePublicKeyInfo(job.publicKey) };
	job.wipe();
	return made;
}

/** The same on XS, and on stderr what it took. */
async function makeOnXs(type: KeyName, bits: number, store: string | undefined, output: Output): Promise<Made> {
	const { KeyFailure, makeKeyOnXs } = await import("../../sim/keygen.js");
	try {
		const made = await makeKeyOnXs(type, bits, store);
		const { isNew, milliseconds, slices, compute, longest, slots, bytes } = made;
		const work = `${milliseconds.toFixed(1)} ms in ${slices} slices, compute ${compute}, the longest slice ${longest}`;
		output.err(isNew ? `polltls: made on XS: ${work}; ${bytes} bytes of heap at the most (${slots} slots)\n` : `polltls: read from the store ${store}\n`);
		return made;
	} catch (error) {
		if (!(error instanceof KeyFailure)) throw error;
		throw new CertificateError(error.failure, store ?? "the key can't be made");
	}
}

export async function generateKey(args: string[], output: Output): Promise<number> {
	const { values, positionals } = parse(args, options);
	if (positionals.length > 0) throw new UsageError(`keygen: ${positionals[0]} is not an option`);
	const type = choiceOf("--type", values.type ?? "p256", ["p256", "p384", "ed25519", "rsa"]);
	if (values.bits !== undefined && type !== "rsa") throw new UsageError("--bits is for --type rsa");
	const bits = integerOf("--bits", values.bits ?? "2048", 2048, 4096);
	const engine = choiceOf("--engine", values.engine ?? "node", ["node", "xs"]);
	if (values.store !== undefined && engine !== "xs") throw new UsageError("--store goes with --engine xs");
	const { key, publicKey } = engine === "xs" ? await makeOnXs(type, bits, values.store, output) : makeInNode(type, bits);
	giveOut(output, values.out, "PRIVATE KEY", key, 0o600);
	if (values.public !== undefined) giveOut(output, values.public, "PUBLIC KEY", publicKey);
	key.fill(0);
	return 0;
}
