// Wycheproof's vectors for key exchanges and signatures against a registry. Portable: it takes the parsed file, and answers
// counts; the first vector that goes wrong throws. For images; on Node test/unit/crypto has them for our own arithmetic.

import { KEY_SHARE_REFUSED, PUBLIC_KEY_REFUSED, SIGNATURE_WRONG } from "polltls/base/failure";
import { DONE, WORKING } from "polltls/base/status";
import type { Registry } from "polltls/crypto/registry";
import { type Job, KEY_P256, KEY_P384, KEY_RSA, KEY_RSA_PSS, type SignatureAlgorithm } from "polltls/crypto/types";
import type { Entropy } from "polltls/os/os";
import { bytesOf, hexOf } from "./crypto-cases.js";
import { Counts, type Vector } from "./crypto-vectors.js";

interface Group {
	publicKey?: { uncompressed: string };
	publicKeyAsn?: string;
	sha?: string;
	mgfSha?: string;
	sLen?: number;
	tests: Vector[];
}
export interface PublicKeyFile {
	testGroups: Group[];
	numberOfTests: number;
}

const X25519 = 29;

function check(vector: Vector, right: boolean, what: string): void {
	if (!right) throw new Error(`vector ${vector.tcId} (${vector.result}, ${vector.comment}): ${what}`);
}

function finish(job: Job): number {
	for (;;) {
		const status = job.step(1000);
		if (status !== WORKING) return status;
	}
}

/** Draws this private key, from a provider that draws candidates of a scalar's length and from one that draws 8 bytes more (drawScalar). */
class PrivateKeyEntropy implements Entropy {
	readonly #scalar: Uint8Array;
	#given = false;

	constructor(scalar: Uint8Array) {
		this.#scalar = scalar;
	}
	fill(bytes: Uint8Array, at: number, end: number): void {
		if (this.#given) {
			bytes.fill(1, at, end);
			return;
		}
		this.#given = true;
		const { length } = this.#scalar;
		bytes.fill(0, at, end);
		bytes.set(this.#scalar, end - length);
		if (end - at === length) return;
		let last = end - 1;
		while (bytes[last]-- === 0) last--; // the draw adds 1
	}
}

/** ECDH with raw points, and X25519. */
export function checkAgreementVectors(registry: Registry, group: number, file: PublicKeyFile): Counts {
	const counts = new Counts();
	const algorithm = registry.keyExchange(group);
	if (!algorithm) throw new Error(`no group ${group}`);
	for (const { tests } of file.testGroups)
		for (const vector of tests) {
			const peer = bytesOf(vector.public as string);
			const exchange = algorithm.create();
			const { secretLength } = exchange;
			const scalar = bytesOf((vector.private as string).padStart(2 * secretLength, "0").slice(-2 * secretLength));
			exchange.respond(new PrivateKeyEntropy(scalar), peer, 0, peer.length);
			const status = finish(exchange);
			const isZero = group === X25519 && /^0+$/.test(vector.shared as string);
			const compressed = group !== X25519 && peer[0] !== 4;
			if (vector.result === "invalid" || isZero || compressed) check(vector, status === KEY_SHARE_REFUSED, `status ${status}`);
			else check(vector, status === DONE && hexOf(exchange.secret) === vector.shared, `status ${status}, ${hexOf(exchange.secret)}`);
			counts.count(vector);
		}
	return counts;
}

function verify(registry: Registry, algorithm: SignatureAlgorithm, scheme: number, keyBytes: Uint8Array, vector: Vector): number {
	const job = algorithm.createVerify(registry);
	const message = bytesOf(vector.msg as string);
	const signature = bytesOf(vector.sig as string);
	job.start(scheme, { type: algorithm.keyType, bytes: keyBytes, at: 0, end: keyBytes.length }, message, 0, message.length, signature, 0, signature.length);
	return finish(job);
}

function signatureOf(registry: Registry, keyType: number): SignatureAlgorithm {
	const algorithm = registry.signature(keyType);
	if (!algorithm) throw new Error(`no signatures of key type ${keyType}`);
	return algorithm;
}

/** ECDSA on P-256 or P-384. */
export function checkEcdsaVectors(registry: Registry, isP384: boolean, scheme: number, file: PublicKeyFile): Counts {
	const counts = new Counts();
	const algorithm = signatureOf(registry, isP384 ? KEY_P384 : KEY_P256);
	for (const { publicKey, tests } of file.testGroups) {
		const key = bytesOf(publicKey?.uncompressed ?? "");
		for (const vector of tests) {
			const status = verify(registry, algorithm, scheme, key, vector);
			check(vector, status === (vector.result === "valid" ? DONE : SIGNATURE_WRONG), `status ${status}`);
			counts.count(vector);
		}
	}
	return counts;
}

const schemesByHash: Record<string, readonly number[]> = {
	"SHA-256": [0x0401, 0x0804, 0x0809],
	"SHA-384": [0x0501, 0x0805, 0x080a],
	"SHA-512": [0x0601, 0x0806, 0x080b],
};
const saltLengths: Record<string, number> = { "SHA-256": 32, "SHA-384": 48, "SHA-512": 64 };

/** RSA: PKCS#1 v1.5, or PSS with both types of keys. */
export function checkRsaVectors(registry: Registry, isPss: boolean, file: PublicKeyFile): Counts {
	const counts = new Counts();
	for (const { publicKeyAsn = "", sha = "", mgfSha, sLen, tests } of file.testGroups) {
		const schemes = schemesByHash[sha];
		if (!schemes) {
			counts.skip(`${sha} has no scheme in TLS`, tests.length);
			continue;
		}
		// TLS has but one set of parameters for each hash
		const fits = !isPss || (mgfSha === sha && sLen === saltLengths[sha]);
		const key = bytesOf(publicKeyAsn);
		for (const vector of tests) {
			for (const [keyType, scheme] of isPss
				? [
						[KEY_RSA, schemes[1]],
						[KEY_RSA_PSS, schemes[2]],
					]
				: [[KEY_RSA, schemes[0]]]) {
				const status = verify(registry, signatureOf(registry, keyType), scheme, key, vector);
				const wrong = status === SIGNATURE_WRONG || status === PUBLIC_KEY_REFUSED;
				check(vector, fits && vector.result === "valid" ? status === DONE : wrong, `scheme ${scheme}: status ${status}`);
			}
			counts.count(vector);
		}
	}
	return counts;
}
