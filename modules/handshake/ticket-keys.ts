// The keys under which a server seals its sessions into tickets, so that it need not remember them (RFC 5077 4,
// RFC 8446 4.6.1). One object for all connections of a server; keys change by time, the one before still opens.

import { copyOf, equalPublic, wipe } from "../base/bytes.js";
import { Reader } from "../base/reader.js";
import { Writer } from "../base/writer.js";
import type { Registry } from "../crypto/registry.js";
import type { Aead, AeadAlgorithm } from "../crypto/types.js";
import type { Clock, Entropy } from "../os/os.js";
import { decodeSession, encodeSession, type Session, sessionLength } from "./session.js";

const NAME = 8;
const NONCE = 12;
/** A ticket: key name, nonce, sealed session, tag. */
const HEAD = NAME + NONCE;

class TicketKey {
	readonly name = new Uint8Array(NAME);
	readonly aead: Aead;
	readonly madeAt: number;

	constructor(algorithm: AeadAlgorithm, entropy: Entropy, ticks: number) {
		const key = new Uint8Array(algorithm.keyLength);
		entropy.fill(this.name, 0, NAME);
		entropy.fill(key, 0, key.length);
		this.aead = algorithm.create();
		this.aead.setKey(key, 0);
		this.madeAt = ticks;
		wipe(key);
	}
}

/** The first registered AEAD with a full tag. */
export function sealingAlgorithm(registry: Registry): AeadAlgorithm | undefined {
	for (const bulk of registry.bulks) if ("tagLength" in bulk && bulk.tagLength === 16) return bulk;
	return undefined;
}

/**
 * Seals and opens tickets.
 *
 *     const tickets = new TicketKeys(registry, clock, entropy, 7200);
 *     openTlsServer({ ...options, tickets });
 */
export class TicketKeys {
	/** Seconds that a ticket may be used, and that a key seals. */
	readonly lifetime: number;
	readonly #algorithm: AeadAlgorithm;
	readonly #clock: Clock;
	readonly #entropy: Entropy;
	#current: TicketKey;
	#previous: TicketKey | undefined = undefined;
	readonly #nonce = new Uint8Array(NONCE);

	/** The registry's first AEAD seals. lifetime: 1 to 604800 seconds (RFC 8446 4.6.1). */
	constructor(registry: Registry, clock: Clock, entropy: Entropy, lifetime: number) {
		const algorithm = sealingAlgorithm(registry);
		if (algorithm === undefined) throw new TypeError("tickets: no AEAD with a full tag is registered");
		if (!Number.isInteger(lifetime) || lifetime < 1 || lifetime > 604800) throw new RangeError("tickets: the lifetime is 1 to 604800 seconds");
		this.lifetime = lifetime;
		this.#algorithm = algorithm;
		this.#clock = clock;
		this.#entropy = entropy;
		this.#current = new TicketKey(algorithm, entropy, clock.ticks());
	}

	/** The length of the ticket of a session. */
	ticketLength(session: Session): number {
		return HEAD + sessionLength(session) + this.#algorithm.tagLength;
	}

	/** Writes the ticket of a session through the writer, which must have room for ticketLength bytes. */
	seal(writer: Writer, session: Session): void {
		this.rotate();
		const { bytes } = writer;
		const at = writer.take(this.ticketLength(session));
		const key = this.#current;
		this.#entropy.fill(this.#nonce, 0, NONCE);
		bytes.set(key.name, at);
		bytes.set(this.#nonce, at + NAME);
		const end = at + HEAD + sessionLength(session);
		const inner = new Writer();
		inner.reset(bytes, at + HEAD, end);
		encodeSession(inner, session);
		key.aead.seal(this.#nonce, key.name, NAME, bytes, at + HEAD, end);
	}

	/** The session in the ticket at [at, end) of bytes, or undefined: it isn't ours, too old, or was tampered with. The bytes stay as they are. */
	open(bytes: Uint8Array, at: number, end: number): Session | undefined {
		this.rotate();
		if (end - at <= HEAD + this.#algorithm.tagLength) return undefined;
		const key = this.keyNamed(bytes, at);
		if (key === undefined) return undefined;
		this.#nonce.set(bytes.subarray(at + NAME, at + HEAD));
		const sealed = copyOf(bytes, at + HEAD, end);
		let session: Session | undefined;
		if (key.aead.open(this.#nonce, key.name, NAME, sealed, 0, sealed.length)) {
			const reader = new Reader();
			reader.reset(sealed, 0, sealed.length - this.#algorithm.tagLength);
			session = decodeSession(reader);
		}
		wipe(sealed);
		return session;
	}

	/** Overwrites all keys: no ticket opens any more. */
	wipe(): void {
		this.#current.aead.wipe();
		this.#previous?.aead.wipe();
	}

	private keyNamed(bytes: Uint8Array, at: number): TicketKey | undefined {
		const end = at + NAME;
		if (equalPublic(this.#current.name, 0, NAME, bytes, at, end)) return this.#current;
		return this.#previous !== undefined && equalPublic(this.#previous.name, 0, NAME, bytes, at, end) ? this.#previous : undefined;
	}

	/** A new key when the current one has sealed for a lifetime; a ticket then opens for another. */
	private rotate(): void {
		const now = this.#clock.ticks();
		if (now - this.#current.madeAt < this.lifetime * 1000) return;
		this.#previous?.aead.wipe();
		this.#previous = now - this.#current.madeAt < this.lifetime * 2000 ? this.#current : undefined;
		this.#current = new TicketKey(this.#algorithm, this.#entropy, now);
	}
}
