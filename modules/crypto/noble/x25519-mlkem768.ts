// X25519MLKEM768 (draft-ietf-tls-ecdhe-mlkem; ML-KEM: FIPS 203): a key exchange that also stands against quantum computers. The
// ML-KEM part is @noble/post-quantum's, in one call each (not sliced); X25519 is ours. For desktops, and for devices
// with some hundred KB of heap to spare; registered only by who wants it.

import { ml_kem768 } from "@noble/post-quantum/ml-kem.js";
import { copy, wipe } from "../../base/bytes.js";
import { DONE, WORKING } from "../../base/status.js";
import type { Entropy } from "../../os/os.js";
import { keyShareRefused } from "../public-key/outcome.js";
import { X25519 } from "../public-key/x25519.js";
import type { KeyExchange, KeyExchangeAlgorithm } from "../types.js";

const ENCAPSULATION_KEY = 1184;
const CIPHERTEXT = 1088;
const X25519_LENGTH = 32;
const CLIENT_SHARE = ENCAPSULATION_KEY + X25519_LENGTH;
const SERVER_SHARE = CIPHERTEXT + X25519_LENGTH;

// What the next step does
const NOTHING = 0;
const MAKE_KEYS = 1;
const ENCAPSULATE = 2;
const DECAPSULATE = 3;

/** Both exchanges side by side: shares and secrets one behind the other, ML-KEM first. */
class X25519MlKem768 implements KeyExchange {
	readonly share = new Uint8Array(CLIENT_SHARE);
	shareLength = CLIENT_SHARE;
	readonly secret = new Uint8Array(64);
	readonly secretLength = 64;
	readonly #x25519 = new X25519();
	/** 64 bytes to make keys from, or 32 to encapsulate with. */
	readonly #seed = new Uint8Array(64);
	#decapsulationKey = new Uint8Array(0);
	/** The peer's part for ML-KEM. */
	#peer = new Uint8Array(0);
	#next = NOTHING;
	#outcome = keyShareRefused();

	begin(entropy: Entropy): void {
		this.wipe();
		entropy.fill(this.#seed, 0, 64);
		this.#x25519.begin(entropy);
		this.shareLength = CLIENT_SHARE;
		this.start(MAKE_KEYS);
	}

	respond(entropy: Entropy, peer: Uint8Array, at: number, end: number): void {
		this.wipe();
		if (end - at !== CLIENT_SHARE) return;
		entropy.fill(this.#seed, 0, 32);
		this.#peer = peer.slice(at, at + ENCAPSULATION_KEY);
		this.#x25519.respond(entropy, peer, at + ENCAPSULATION_KEY, end);
		this.shareLength = SERVER_SHARE;
		this.start(ENCAPSULATE);
	}

	receive(peer: Uint8Array, at: number, end: number): void {
		this.#outcome = keyShareRefused();
		this.#next = NOTHING;
		if (end - at !== SERVER_SHARE || this.#decapsulationKey.length === 0) return;
		this.#peer = peer.slice(at, at + CIPHERTEXT);
		this.#x25519.receive(peer, at + CIPHERTEXT, end);
		this.start(DECAPSULATE);
	}

	/** The slices are X25519's; the ML-KEM part is the last step. */
	step(budget: number): number {
		if (this.#next === NOTHING) return this.#outcome;
		const result = this.#x25519.step(budget);
		if (result === WORKING) return WORKING;
		this.#outcome = result === DONE ? this.finish() : result;
		this.#next = NOTHING;
		return this.#outcome;
	}

	wipe(): void {
		this.#x25519.wipe();
		wipe(this.#seed);
		wipe(this.#decapsulationKey);
		this.#decapsulationKey = new Uint8Array(0);
		wipe(this.share);
		wipe(this.secret);
		this.#next = NOTHING;
		this.#outcome = keyShareRefused();
	}

	private start(next: number): void {
		this.#next = next;
		this.#outcome = WORKING;
	}

	private finish(): number {
		const { share, secret } = this;
		const x25519 = this.#x25519;
		if (this.#next === MAKE_KEYS) {
			const { publicKey, secretKey } = ml_kem768.keygen(this.#seed);
			this.#decapsulationKey = secretKey;
			share.set(publicKey);
			copy(share, ENCAPSULATION_KEY, x25519.share, 0, X25519_LENGTH);
		} else {
			const shared = this.#next === ENCAPSULATE ? this.encapsulate() : ml_kem768.decapsulate(this.#peer, this.#decapsulationKey);
			if (shared === undefined) return keyShareRefused();
			secret.set(shared);
			copy(secret, 32, x25519.secret, 0, X25519_LENGTH);
			wipe(shared);
		}
		wipe(this.#seed);
		return DONE;
	}

	/** The server's ciphertext and secret; undefined if the client's key isn't one (FIPS 203 7.2: noble throws). */
	private encapsulate(): Uint8Array | undefined {
		try {
			const { cipherText, sharedSecret } = ml_kem768.encapsulate(this.#peer, this.#seed.subarray(0, 32));
			this.share.set(cipherText);
			copy(this.share, CIPHERTEXT, this.#x25519.share, 0, X25519_LENGTH);
			return sharedSecret;
		} catch {
			return undefined;
		}
	}
}

/** X25519MLKEM768, NamedGroup 0x11ec. */
export const x25519MlKem768: KeyExchangeAlgorithm = Object.freeze({
	group: 0x11ec,
	clientShareLength: CLIENT_SHARE,
	serverShareLength: SERVER_SHARE,
	cost: 4000,
	create: () => new X25519MlKem768(),
});
