// Private keys of files with their public halves, for the commands that sign.

import { createPrivateKey, createPublicKey } from "node:crypto";
import { NO_FAILURE, PRIVATE_KEY_ENCRYPTED } from "polltls/base/failure";
import { Reader } from "polltls/base/reader";
import { DONE, WORKING } from "polltls/base/status";
import type { PrivateKey, PublicKey } from "polltls/crypto/types";
import { EncryptedKey } from "polltls/pki/encrypted-key";
import { encodePrivateKey } from "polltls/pki/key-writer";
import { PrivateKeyDecoder } from "polltls/pki/keys";
import { PEM_ENCRYPTED_PRIVATE_KEY } from "polltls/pki/pem";
import { PublicKeyInfo } from "polltls/pki/public-key-info";
import { UsageError } from "../command/options.js";
import { bytesOf, CertificateError, valuesOf } from "./files.js";
import { certificateRegistry } from "./registry.js";

export interface KeyPair {
	key: PrivateKey;
	publicKey: PublicKey;
}

/** The key in a file, PEM or DER; password for one that is encrypted (PBES2). */
export function keyPairOf(option: string, file: string, password: string | undefined): KeyPair {
	const bytes = bytesOf(file);
	let decoder = new PrivateKeyDecoder();
	let failure = bytes[0] === 0x30 ? decoder.decodeDer(bytes) : decoder.decodePem(bytes);
	if (failure === PRIVATE_KEY_ENCRYPTED) {
		if (password === undefined) throw new UsageError(`${option}: ${file} is encrypted: --password is needed`);
		const job = new EncryptedKey(certificateRegistry());
		job.start(valuesOf(bytes, PEM_ENCRYPTED_PRIVATE_KEY, file)[0], new TextEncoder().encode(password));
		let status: number;
		do status = job.step(64);
		while (status === WORKING);
		failure = status === DONE ? NO_FAILURE : status;
		decoder = job.decoder;
	}
	if (failure !== NO_FAILURE) throw new CertificateError(failure, file);
	const { key } = decoder;
	return { key, publicKey: decoder.publicKey ?? publicHalf(key) };
}

/** Where the file doesn't say it, node:crypto computes it. */
function publicHalf(key: PrivateKey): PublicKey {
	const pkcs8 = encodePrivateKey(key);
	const info = createPublicKey(createPrivateKey({ key: Buffer.from(pkcs8), format: "der", type: "pkcs8" })).export({ type: "spki", format: "der" });
	pkcs8.fill(0);
	const reader = new Reader();
	const publicKey = new PublicKeyInfo();
	reader.reset(new Uint8Array(info), 0, info.length);
	publicKey.decode(reader);
	return publicKey;
}
