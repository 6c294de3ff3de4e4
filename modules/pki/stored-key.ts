// A device's own key pair: made on its first start, kept in its store, read at every later one. For devices that need an
// identity; certificates for it are made by issue.ts.

import { DER_SEQUENCE, openDer } from "../base/der.js";
import { type Failure, NO_FAILURE, STORED_KEY_MALFORMED } from "../base/failure.js";
import { Reader } from "../base/reader.js";
import { DONE, WORKING } from "../base/status.js";
import type { GenerateJob, Job, PrivateKey, PublicKey } from "../crypto/types.js";
import type { Entropy, Store } from "../os/os.js";
import { encodePrivateKey, encodePublicKeyInfo } from "./key-writer.js";
import { PrivateKeyDecoder } from "./keys.js";
import { PublicKeyInfo } from "./public-key-info.js";

/**
 * Reads a key pair from a store, or makes it and writes it there. The value is PKCS#8 with a SubjectPublicKeyInfo behind it.
 * A value that can't be read is a failure and stays: whoever wants another key deletes it. What the store throws goes on.
 *
 *     const identity = new StoredKey(device.store, "key", new EcGenerate(p256));
 *     identity.start(device.entropy, 0);
 *     while (identity.step(8) === WORKING) ...       // DONE at once if the key is there
 *     use(identity.privateKey, identity.publicKey);
 */
export class StoredKey implements Job {
	/** Whether the key was made by this object, not read. */
	isNew = false;
	readonly #store: Store;
	readonly #name: string;
	readonly #job: GenerateJob;
	readonly #decoder = new PrivateKeyDecoder();
	readonly #info = new PublicKeyInfo();
	#status: number = WORKING;

	/** name: of the value in the store. job: what makes the key if there is none; its memory is the new key's. */
	constructor(store: Store, name: string, job: GenerateJob) {
		this.#store = store;
		this.#name = name;
		this.#job = job;
	}

	/** After DONE: the key, in memory of this object until wipe(). */
	get privateKey(): PrivateKey {
		return this.isNew ? this.#job.privateKey : this.#decoder.key;
	}
	get publicKey(): PublicKey {
		return this.isNew ? this.#job.publicKey : this.#info;
	}

	/** Begins; bits: of an RSA key, if one must be made. */
	start(entropy: Entropy, bits: number): void {
		const bytes = this.#store.get(this.#name);
		this.isNew = bytes === undefined;
		this.#status = WORKING;
		if (bytes === undefined) this.#job.start(entropy, bits);
		else this.#status = this.read(bytes) || DONE;
	}

	/** A slice: WORKING, DONE or a failure. */
	step(budget: number): number {
		if (this.#status !== WORKING) return this.#status;
		this.#status = this.#job.step(budget);
		if (this.#status === DONE) this.keep();
		return this.#status;
	}

	wipe(): void {
		this.#job.wipe();
		this.#decoder.key.bytes.fill(0);
		this.#status = WORKING;
	}

	private keep(): void {
		const { privateKey, publicKey } = this.#job;
		const key = encodePrivateKey(privateKey, publicKey);
		const info = encodePublicKeyInfo(publicKey);
		const bytes = new Uint8Array(key.length + info.length);
		bytes.set(key, 0);
		bytes.set(info, key.length);
		key.fill(0);
		this.#store.set(this.#name, bytes);
		bytes.fill(0);
	}

	private read(bytes: Uint8Array): Failure {
		const reader = new Reader();
		reader.reset(bytes, 0, bytes.length);
		const mark = openDer(reader, DER_SEQUENCE);
		reader.skip(mark);
		const { at } = reader;
		if (reader.failed || !this.#info.decodeWhole(bytes.slice(at), 0, bytes.length - at)) return STORED_KEY_MALFORMED;
		const key = bytes.slice(0, at);
		const failure = this.#decoder.decodeDer(key);
		key.fill(0);
		bytes.fill(0);
		return failure === NO_FAILURE && this.#decoder.key.type !== this.#info.type ? STORED_KEY_MALFORMED : failure;
	}
}
