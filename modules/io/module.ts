// The stack: what connections have in common, in an order that is kept. init reserves memory and makes locks, register...
// plugs algorithms in, start begins; stop ends all connections, delete gives everything back. For the native and the
// sockets interfaces, which are made over it.

import { ALGORITHM_REFUSED, ALGORITHMS_MISSING, CONFIGURATION_REFUSED, ENTROPY_MISSING, type Failure, STACK_MEMORY_MISSING } from "../base/failure.js";
import { OK, PARAM_ERR, WAIT } from "../base/status.js";
import { Registry } from "../crypto/registry.js";
import { NO_MAC, offeredSuites } from "../crypto/suites.js";
import type { BulkAlgorithm, HashAlgorithm, KeyExchangeAlgorithm, SignatureAlgorithm } from "../crypto/types.js";
import { sealingAlgorithm, TicketKeys } from "../handshake/ticket-keys.js";
import { LOG_INFO, LOG_WARNING, type Lock } from "../os/os.js";
import { HeapMemory } from "../os/pool.js";
import { Answering } from "./answers.js";
import { type Configuration, defaultConfiguration } from "./configuration.js";
import { checkConfiguration } from "./configuration-check.js";
import { type MemoryReport, Pools } from "./pools.js";
import { Security } from "./security.js";
import { noLock, type StackHost } from "./stack-host.js";
import type { Ticket } from "./tickets.js";

// States of a stack
export const STACK_DELETED = 0;
export const STACK_INITIALISED = 1;
export const STACK_STARTED = 2;

/** What a stack works for: interfaces with connections that work on their own, and what is still being closed. */
export interface Polled {
	/** Does a bounded piece of work. Answers when the next is due, in ticks: 0 at once, Infinity only when something happens, POLLED_ENDED: never again. */
	poll(now: number): number;
	/** Tells the application what has happened; called when no work is going on. */
	notify(): void;
	/** The stack stops: ends everything at once, without a word to the application. */
	stop(): void;
}
export const POLLED_ENDED = -1;

/** Finite-field groups (RFC 7919). */
const FFDHE = 1;
/** What start asks of the entropy source, twice: two answers that are the same are none. */
const ENTROPY_PROBE = 16;

/**
 * One stack.
 *
 *     const stack = new Stack({ clock, entropy, linked: { openTlsClient } });
 *     stack.init({ maxConnections: 2 });
 *     stack.registerHash(0, sha256);                   // and bulk ciphers, key exchanges, signatures
 *     stack.start();
 *     const security = stack.createSecurity();
 *     ...                                              // io/tls-socket, io/native-tcp, ...
 *     stack.stop();
 *     stack.delete();
 */
export class Stack extends Answering {
	readonly host: StackHost;
	state = STACK_DELETED;
	configuration: Configuration = defaultConfiguration;
	registry = new Registry();
	/** Since init. */
	pools: Pools;
	/** The module's lock is held while pools and algorithms change, the connections' by each call on a connection and by poll. */
	lock: Lock = noLock;
	connectionLock: Lock = noLock;
	/** Servers' tickets, since start. */
	tickets: TicketKeys | undefined = undefined;
	/** With PARAM_ERR of init and INIT_ERR of start, in words: the settings that are wrong. */
	complaint = "";
	readonly #securities: Security[] = [];
	/** What stop has to end, and what poll works for. */
	readonly #open: Polled[] = [];
	readonly #polled: Polled[] = [];
	#polling = false;

	constructor(host: StackHost) {
		super();
		this.host = host;
		this.pools = new Pools(defaultConfiguration, new HeapMemory(0));
	}

	/**
	 * Reserves all memory and makes the locks. OK; INIT_ERR: it is not the time; PARAM_ERR: see complaint; MEM_ERR: see outcome.bytesNeeded.
	 * What it doesn't do whole it leaves undone.
	 */
	init(values: Partial<Configuration> = {}): number {
		if (this.state !== STACK_DELETED) return this.notReady();
		const { configuration, complaint } = checkConfiguration(values);
		this.complaint = complaint;
		if (complaint !== "") return this.refuse(CONFIGURATION_REFUSED);
		const { host } = this;
		const pools = new Pools(configuration, host.memory ?? new HeapMemory());
		if (!pools.reserve()) {
			this.outcome.bytesNeeded = pools.length;
			return this.refuse(STACK_MEMORY_MISSING);
		}
		this.configuration = configuration;
		this.pools = pools;
		this.registry = new Registry();
		this.lock = host.createLock?.() ?? noLock;
		this.connectionLock = host.createLock?.() ?? noLock;
		this.state = STACK_INITIALISED;
		return this.succeed();
	}

	/** Each plugs an algorithm in, between init and start; the same index again replaces. OK, PARAM_ERR: index or lengths, INIT_ERR. */
	registerHash(index: number, algorithm: HashAlgorithm): number {
		const { maxHashAlgorithms, maxHmacLength } = this.configuration;
		if (this.state !== STACK_INITIALISED) return this.notReady();
		const fits = index < maxHashAlgorithms && algorithm.hashLength <= maxHmacLength;
		return this.registered(fits ? this.registry.registerHash(index, algorithm) : PARAM_ERR);
	}
	registerBulk(index: number, algorithm: BulkAlgorithm): number {
		const { maxBulkAlgorithms, maxBulkKeyLength } = this.configuration;
		if (this.state !== STACK_INITIALISED) return this.notReady();
		const fits = index < maxBulkAlgorithms && algorithm.keyLength <= maxBulkKeyLength;
		return this.registered(fits ? this.registry.registerBulk(index, algorithm) : PARAM_ERR);
	}
	registerSign(index: number, algorithm: SignatureAlgorithm): number {
		if (this.state !== STACK_INITIALISED) return this.notReady();
		return this.registered(index < this.configuration.maxSignatureAlgorithms ? this.registry.registerSign(index, algorithm) : PARAM_ERR);
	}
	registerKeyExchange(index: number, algorithm: KeyExchangeAlgorithm): number {
		const { maxSignatureAlgorithms, minKeyExchangeSize, preMasterSecretSize } = this.configuration;
		if (this.state !== STACK_INITIALISED) return this.notReady();
		const prime = algorithm.group >> 8 === FFDHE ? algorithm.clientShareLength : 0;
		const fits = index < maxSignatureAlgorithms && prime <= preMasterSecretSize && (prime === 0 || prime >= minKeyExchangeSize);
		return this.registered(fits ? this.registry.registerKeyExchange(index, algorithm) : PARAM_ERR);
	}

	/** Begins: connections can be opened from now on. OK; INIT_ERR: it is not the time, there is no entropy, or what is registered makes no suite. */
	start(): number {
		if (this.state !== STACK_INITIALISED) return this.notReady();
		if (!this.lock.enter()) return WAIT;
		const code = this.begin();
		this.lock.leave();
		return code;
	}

	private begin(): number {
		const { clock, entropy } = this.host;
		if (!this.hasEntropy()) return this.refuse(ENTROPY_MISSING);
		const { registry, configuration } = this;
		if (!this.hasAlgorithms()) return this.refuse(ALGORITHMS_MISSING);
		registry.start();
		const { maxSessions, ticketLifetime } = configuration;
		const seals = sealingAlgorithm(registry) !== undefined;
		if (maxSessions > 0 && ticketLifetime > 0 && seals) this.tickets = new TicketKeys(registry, clock, entropy, ticketLifetime);
		this.state = STACK_STARTED;
		this.log(LOG_INFO, "started");
		if (this.configuration.trustAllCertificates) this.log(LOG_WARNING, "trustAllCertificates is on: anybody can be the peer");
		return this.succeed();
	}

	/** Ends every connection at once, without a notification. It may be started again. OK or INIT_ERR. */
	stop(): number {
		if (this.state !== STACK_STARTED) return this.notReady();
		if (!this.connectionLock.enter()) return WAIT;
		for (let one = this.#open.pop(); one !== undefined; one = this.#open.pop()) one.stop();
		for (const security of this.#securities) security.users = 0;
		this.#securities.length = 0;
		this.#polled.length = 0;
		this.host.timer?.stop();
		this.tickets?.wipe();
		this.tickets = undefined;
		this.registry.stop();
		this.state = STACK_INITIALISED;
		this.connectionLock.leave();
		this.log(LOG_INFO, "stopped");
		return this.succeed();
	}

	/** Overwrites everything and gives it back; init begins anew. OK; INIT_ERR before stop. */
	delete(): number {
		if (this.state !== STACK_INITIALISED) return this.notReady();
		if (!this.lock.enter()) return WAIT;
		this.pools.release();
		this.state = STACK_DELETED;
		this.lock.leave();
		return this.succeed();
	}

	/**
	 * Works for the native interface's connections and for what is being closed, then tells the application what happened. To be
	 * called when a transport has something or takes something, at the ticks that the last call answered, or all the time.
	 * Answers when the next call is due: 0 at once, Infinity only when something happens.
	 */
	poll(now: number = this.host.clock.ticks()): number {
		if (this.state !== STACK_STARTED || this.#polling) return Number.POSITIVE_INFINITY;
		if (!this.connectionLock.enter()) return 0;
		this.#polling = true;
		let wakeAt = Number.POSITIVE_INFINITY;
		const polled = this.#polled;
		for (let i = 0; i < polled.length; ) {
			const next = polled[i].poll(now);
			if (next === POLLED_ENDED) polled.splice(i, 1);
			else {
				wakeAt = Math.min(wakeAt, next);
				i++;
			}
		}
		this.connectionLock.leave();
		for (let i = 0; i < polled.length; i++) polled[i].notify();
		this.#polling = false;
		if (wakeAt !== Number.POSITIVE_INFINITY) this.host.timer?.start(wakeAt);
		return wakeAt;
	}

	/** What is reserved, in bytes by part. */
	memory(): MemoryReport {
		let used = 0;
		let saved = 0;
		for (const { length, users } of this.#securities) {
			if (users > 0) used += length;
			if (users > 1) saved += length * (users - 1);
		}
		return this.pools.report({ used, saved });
	}

	/** Credentials and trust for connections of this stack; undefined before init. */
	createSecurity(): Security | undefined {
		if (this.state === STACK_DELETED) return undefined;
		return new Security(this.configuration);
	}

	/** The ticket in bytes that Ticket.bytes gave, or undefined: they are none, or don't fit a block of the pool. */
	restoreTicket(bytes: Uint8Array): Ticket | undefined {
		return this.state === STACK_DELETED ? undefined : this.pools.sessions.restore(bytes);
	}

	// For the interfaces

	/** From now on poll() works for it, too. */
	work(one: Polled): void {
		if (!this.#polled.includes(one)) this.#polled.push(one);
		this.host.timer?.start(this.host.clock.ticks());
	}

	/** No longer. */
	idle(one: Polled): void {
		const index = this.#polled.indexOf(one);
		if (index >= 0) this.#polled.splice(index, 1);
	}
	working(one: Polled): boolean {
		return this.#polled.includes(one);
	}

	/** A connection begins, with this security configuration, or a port that stop has to end; and its end. */
	opened(one: Polled, security: Security | undefined): void {
		if (this.#open.includes(one)) return;
		this.#open.push(one);
		if (security !== undefined && security.users++ === 0) this.#securities.push(security);
	}
	closed(one: Polled, security: Security | undefined): void {
		const index = this.#open.indexOf(one);
		if (index < 0) return;
		this.#open.splice(index, 1);
		if (security !== undefined && --security.users === 0) this.#securities.splice(this.#securities.indexOf(security), 1);
	}

	log(level: number, text: string): void {
		this.host.log?.(level, text);
	}

	private registered(code: number): number {
		return code === OK ? this.succeed() : this.refuse(ALGORITHM_REFUSED);
	}

	private hasEntropy(): boolean {
		const { entropy } = this.host;
		const probe = new Uint8Array(2 * ENTROPY_PROBE);
		try {
			entropy.fill(probe, 0, ENTROPY_PROBE);
			entropy.fill(probe, ENTROPY_PROBE, 2 * ENTROPY_PROBE);
		} catch {
			return false;
		}
		for (let i = 0; i < ENTROPY_PROBE; i++) if (probe[i] !== probe[ENTROPY_PROBE + i]) return true;
		return false;
	}

	/** Whether there are suites, and the longest MAC key is no longer than the configuration says. Without entry points (all TLS is a modem's) none are needed. */
	private hasAlgorithms(): boolean {
		const { registry, configuration, host } = this;
		if (Object.keys(host.linked).length === 0) return true;
		const suites = offeredSuites(registry);
		for (const { mac } of suites) {
			const length = mac === NO_MAC ? 0 : (registry.hash(mac)?.hashLength ?? 0);
			if (length <= configuration.maxMacKeyLength) continue;
			this.complaint = `maxMacKeyLength: a registered suite has MAC keys of ${length} bytes`;
			return false;
		}
		return suites.length > 0;
	}

	protected override refuse(failure: Failure): number {
		this.log(LOG_WARNING, `refused: failure ${failure >> 16}`);
		return super.refuse(failure);
	}
}
