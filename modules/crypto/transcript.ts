// The transcript hash (RFC 8446 4.4.1, RFC 5246 7.4.9): one running hash for each hash that the handshake may end
// up with, until the suite is known; then one.

import { copy, NO_BYTES } from "../base/bytes.js";
import type { Hash, HashAlgorithm } from "./types.js";

/** message_hash (RFC 8446 4.4.1). */
const message_hash = 254;
/** About what the shortest handshake has. */
const KEPT_LEAST = 1024;

/**
 * Hashes handshake messages as they come and go.
 *
 *     transcript.start(registry.hashes);
 *     transcript.update(memory, messageAt, messageEnd);    // ClientHello
 *     transcript.select(sha256Algorithm);                  // the suite is known
 *     transcript.hash(out);                                // so far; goes on afterwards
 */
export class Transcript {
	#algorithms: HashAlgorithm[] = [];
	#running: Hash[] = [];
	/** The messages themselves, as far as keptLength, if they are kept. */
	kept: Uint8Array = NO_BYTES;
	keptLength = 0;
	#keeps = false;

	/** Forgets everything and begins with these hashes. */
	start(algorithms: readonly HashAlgorithm[]): void {
		this.#algorithms = algorithms.slice();
		this.#running = [];
		this.drop();
	}

	/** Keeps the messages, too, from now until select(). */
	keep(): void {
		this.#keeps = true;
	}
	get keeps(): boolean {
		return this.#keeps;
	}

	/** Another transcript in the same state, with one of its hashes. */
	fork(algorithm: HashAlgorithm): Transcript {
		const other = new Transcript();
		const index = this.indexOf(algorithm);
		other.#algorithms = [algorithm];
		if (this.#running.length > 0) other.#running = [this.#running[index].fork()];
		return other;
	}

	/** Adds bytes to it. */
	update(bytes: Uint8Array, at: number, end: number): void {
		const running = this.started();
		for (let i = 0; i < running.length; ++i) running[i].update(bytes, at, end);
		if (this.#keeps) this.append(bytes, at, end);
	}

	/** Goes on with one of its hashes only. */
	select(algorithm: HashAlgorithm): void {
		const index = this.indexOf(algorithm);
		if (this.#running.length > 0) this.#running = [this.#running[index]];
		this.#algorithms = [algorithm];
		this.drop();
	}

	/** Writes the hash of all so far, by the first (after select: the only) of its hashes; answers its length. */
	hash(out: Uint8Array): number {
		this.started()[0].fork().digest(out, 0);
		return this.#algorithms[0].hashLength;
	}

	/** The same by one of several: for a PSK's binder, and for signatures in TLS 1.2. */
	hashBy(algorithm: HashAlgorithm, out: Uint8Array): number {
		this.started()[this.indexOf(algorithm)].fork().digest(out, 0);
		return algorithm.hashLength;
	}

	/** After a HelloRetryRequest: a message_hash stands for the first ClientHello (RFC 8446 4.4.1); select must have been called. */
	replaceByMessageHash(): void {
		const hash = new Uint8Array(this.#algorithms[0].hashLength);
		this.started()[0].digest(hash, 0);
		this.replaceBy(hash);
	}

	/** The same with a hash that somebody else kept. */
	replaceBy(hash: Uint8Array): void {
		const algorithm = this.#algorithms[0];
		const synthetic = new Uint8Array(4 + algorithm.hashLength);
		synthetic[0] = message_hash;
		synthetic[3] = algorithm.hashLength;
		for (let i = 0; i < algorithm.hashLength; i++) synthetic[4 + i] = hash[i];
		this.#running[0] = algorithm.create();
		this.update(synthetic, 0, synthetic.length);
	}

	/** The running hashes, made when the first is asked of them: the suite may be known by then. */
	private started(): Hash[] {
		const running = this.#running;
		if (running.length === 0) for (const algorithm of this.#algorithms) running.push(algorithm.create());
		return running;
	}

	private drop(): void {
		this.#keeps = false;
		this.kept = NO_BYTES;
		this.keptLength = 0;
	}

	private append(bytes: Uint8Array, at: number, end: number): void {
		const length = this.keptLength + end - at;
		if (length > this.kept.length) {
			const longer = new Uint8Array(Math.max(length, 2 * this.kept.length, KEPT_LEAST));
			copy(longer, 0, this.kept, 0, this.keptLength);
			this.kept = longer;
		}
		copy(this.kept, this.keptLength, bytes, at, end);
		this.keptLength = length;
	}

	private indexOf(algorithm: HashAlgorithm): number {
		const index = this.#algorithms.indexOf(algorithm);
		if (index < 0) throw new Error("this hash was not started with the transcript");
		return index;
	}
}
