// Answers of node:crypto, fresh ones in each run, for test/suite/long-integers.ts to agree with.

import { constants, createDiffieHellman, generateKeyPairSync, publicEncrypt, randomBytes, sign } from "node:crypto";
import { ffdhe2048Group, ffdhe3072Group } from "polltls/crypto/public-key/dhe-groups";
import { rsa } from "polltls/crypto/public-key/rsa";
import type { LongIntegerVectors } from "../suite/long-integers.js";

const message = randomBytes(100);

const keys = [2048, 3072].map((bits) => {
	const { publicKey, privateKey } = generateKeyPairSync("rsa", { modulusLength: bits });
	const signatures: Record<string, string> = {};
	for (const scheme of rsa.schemes) {
		const hash = scheme < 0x0800 ? (scheme >> 8) - 4 : scheme - 0x0804;
		const padding = scheme < 0x0800 ? constants.RSA_PKCS1_PADDING : constants.RSA_PKCS1_PSS_PADDING;
		const key = { key: privateKey, padding, saltLength: constants.RSA_PSS_SALTLEN_DIGEST };
		signatures[scheme] = sign(["sha256", "sha384", "sha512"][hash], message, key).toString("hex");
	}
	const premaster = Buffer.concat([Buffer.from([3, 3]), randomBytes(46)]);
	return {
		publicKey: publicKey.export({ type: "pkcs1", format: "der" }).toString("hex"),
		privateKey: privateKey.export({ type: "pkcs1", format: "der" }).toString("hex"),
		signatures,
		premaster: premaster.toString("hex"),
		ciphertext: publicEncrypt({ key: publicKey, padding: constants.RSA_PKCS1_PADDING }, premaster).toString("hex"),
	};
});

const exchanges = [ffdhe2048Group, ffdhe3072Group].map((group) => {
	const prime = group.modulus.toString(16);
	const ours = createDiffieHellman(prime, "hex", "02", "hex");
	const theirs = createDiffieHellman(prime, "hex", "02", "hex");
	ours.setPrivateKey(randomBytes(group.exponentLength));
	ours.generateKeys();
	theirs.generateKeys();
	const padded = (hex: string) => hex.padStart(prime.length, "0");
	return {
		exponent: ours.getPrivateKey("hex").padStart(2 * group.exponentLength, "0"),
		peer: padded(theirs.getPublicKey("hex")),
		share: padded(ours.getPublicKey("hex")),
		secret: padded(ours.computeSecret(theirs.getPublicKey()).toString("hex")),
	};
});

/** The suite's global of this name. */
export const longIntegerVectors: LongIntegerVectors = { message: message.toString("hex"), keys, exchanges };
