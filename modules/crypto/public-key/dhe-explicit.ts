// The client's side of DHE in TLS 1.2 (RFC 5246 7.4.3, ServerDHParams): the group is what the server sends. Known safe
// primes (RFC 7919, RFC 3526) are taken with short exponents; any other odd p of a sufficient size with exponents as
// long as p, since nothing is known of its subgroups. That p is prime isn't tested: the server signed it, and a server
// that wants to give the secret away can do so anyhow.

import type { Entropy } from "../../os/os.js";
import type { Job } from "../types.js";
import { DheExchange, dhePremasterAt } from "./dhe.js";
import { type DheGroup, ffdhe2048Group, ffdhe3072Group, ffdhe4096Group } from "./dhe-groups.js";
import { modp2048Group, modp3072Group, modp4096Group } from "./dhe-modp.js";
import { bitLength, decodeInteger } from "./integer.js";
import { dheGroupRefused } from "./outcome.js";

/** Which groups a client takes from a server. */
export interface DhePolicy {
	readonly minimumBits: number;
	readonly maximumBits: number;
	/** Only the safe primes that are known by name. */
	readonly knownOnly: boolean;
}

/** RFC 9325 4.4: at least 2048 bits. Above 4096 a slice would take too long. */
export const dhePolicy: DhePolicy = Object.freeze({ minimumBits: 2048, maximumBits: 4096, knownOnly: false });

const KNOWN: readonly DheGroup[] = Object.freeze([modp2048Group, modp3072Group, modp4096Group, ffdhe2048Group, ffdhe3072Group, ffdhe4096Group]);

/** The group of p at [pAt, pEnd) and g at [gAt, gEnd) of bytes, or undefined if the policy doesn't take it. */
export function explicitGroup(bytes: Uint8Array, pAt: number, pEnd: number, gAt: number, gEnd: number, policy: DhePolicy): DheGroup | undefined {
	const bits = bitLength(bytes, pAt, pEnd);
	if (bits < policy.minimumBits || bits > policy.maximumBits || gEnd - gAt > pEnd - pAt) return undefined;
	const modulus = decodeInteger(bytes, pAt, pEnd);
	const generator = decodeInteger(bytes, gAt, gEnd);
	for (const known of KNOWN) if (known.modulus === modulus && known.generator === generator) return known;
	if (policy.knownOnly || (bytes[pEnd - 1] & 1) === 0 || generator <= 1n || generator >= modulus - 1n) return undefined;
	return { modulus, bits, generator, exponentLength: (bits + 7) >> 3 };
}

/**
 * The client's half of one exchange: makes its share and the secret from the server's p, g and share.
 *
 *     const job = new ExplicitDhe(dhePolicy);
 *     job.start(entropy, bytes, pAt, pEnd, gAt, gEnd, shareAt, shareEnd);
 *     while ((status = job.step(8)) === WORKING) ...
 *     send(job.share, job.shareLength);
 *     deriveMasterSecret(job.secret, job.secretAt, job.secretLength);
 */
export class ExplicitDhe implements Job {
	readonly #policy: DhePolicy;
	#exchange: DheExchange | undefined;

	constructor(policy: DhePolicy) {
		this.#policy = policy;
	}

	/** All places are read before start returns. A group that the policy doesn't take fails in step() with DHE_GROUP_REFUSED. */
	start(entropy: Entropy, bytes: Uint8Array, pAt: number, pEnd: number, gAt: number, gEnd: number, shareAt: number, shareEnd: number): void {
		this.wipe();
		const group = explicitGroup(bytes, pAt, pEnd, gAt, gEnd, this.#policy);
		if (!group) return;
		this.#exchange = new DheExchange(group, false);
		this.#exchange.respond(entropy, bytes, shareAt, shareEnd);
	}

	step(budget: number): number {
		return this.#exchange ? this.#exchange.step(budget) : dheGroupRefused();
	}

	/** After DONE: the client's share, as long as p. */
	get share(): Uint8Array {
		return this.#exchange!.share;
	}
	get shareLength(): number {
		return this.#exchange!.shareLength;
	}
	/** After DONE: the premaster secret is [secretAt, secretLength) of secret. */
	get secret(): Uint8Array {
		return this.#exchange!.secret;
	}
	get secretAt(): number {
		return dhePremasterAt(this.secret, this.secretLength);
	}
	get secretLength(): number {
		return this.#exchange!.secretLength;
	}

	wipe(): void {
		this.#exchange?.wipe();
		this.#exchange = undefined;
	}
}
