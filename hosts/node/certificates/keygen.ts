// `polltls keygen`: a fresh private key, made by our own jobs.

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
} as const;

function jobOf(type: "p256" | "p384" | "ed25519" | "rsa"): GenerateJob {
	if (type === "ed25519") return new Ed25519Generate(certificateRegistry());
	if (type === "rsa") return new RsaGeneration();
	return new EcGenerate(type === "p256" ? p256 : p384);
}

export function generateKey(args: string[], output: Output): number {
	const { values, positionals } = parse(args, options);
	if (positionals.length > 0) throw new UsageError(`keygen: ${positionals[0]} is not an option`);
	const type = choiceOf("--type", values.type ?? "p256", ["p256", "p384", "ed25519", "rsa"]);
	if (values.bits !== undefined && type !== "rsa") throw new UsageError("--bits is for --type rsa");
	const job = jobOf(type);
	job.start(nodeEntropy, integerOf("--bits", values.bits ?? "2048", 2048, 4096));
	let status: number;
	do status = job.step(1024);
	while (status === WORKING);
	if (status !== DONE) throw new CertificateError(status, "the key can't be made");
	const der = encodePrivateKey(job.privateKey, job.publicKey);
	giveOut(output, values.out, "PRIVATE KEY", der, 0o600);
	if (values.public !== undefined) giveOut(output, values.public, "PUBLIC KEY", encodePublicKeyInfo(job.publicKey));
	der.fill(0);
	job.wipe();
	return 0;
}
