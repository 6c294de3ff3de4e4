// One browser's connection: a transport, the TLS connection on it, and the requests that come through. For main.ts.
// Each poll moves what can be moved and does one step; nothing waits, nothing calls back.

import { CLOSED, HANDSHAKE, OPERATING, WANTS_WORK } from "polltls/base/status";
import type { Connection } from "polltls/engine/connection";
import { StreamPump } from "polltls/io/stream-pump";
import type { StreamTransport } from "polltls/os/os";
import { HttpExchange } from "./http.js";

/** Milliseconds that an idle connection is kept, that a request may take to arrive, and that the peer has to say goodbye. */
const KEEP_ALIVE = 60000;
const REQUEST_TIME = 10000;
const GOODBYE_TIME = 500;

export class WebConnection {
	readonly tls: Connection;
	readonly exchange = new HttpExchange();
	readonly pump: StreamPump;
	readonly #transport: StreamTransport;
	/** Request bytes that the exchange hasn't taken, and answer bytes that the connection hasn't. */
	readonly #in = new Uint8Array(256);
	#inAt = 0;
	#inEnd = 0;
	readonly #out = new Uint8Array(512);
	#outAt = 0;
	#outEnd = 0;
	/** Ticks at which patience ends. */
	#deadline: number;

	constructor(tls: Connection, transport: StreamTransport, now: number) {
		this.tls = tls;
		this.#transport = transport;
		this.pump = new StreamPump(tls, transport);
		this.#deadline = now + KEEP_ALIVE;
	}

	/** Whether it could be closed for somebody else. */
	get idle(): boolean {
		return this.tls.state === OPERATING && this.exchange.idle && this.#inAt === this.#inEnd && this.#outAt === this.#outEnd;
	}

	/** Whether it will be gone soon. */
	get leaving(): boolean {
		return this.tls.state !== OPERATING && this.tls.state !== HANDSHAKE;
	}

	/** Goes on; `answer` is called when a request stands. Answers the ticks of the next poll: 0 at once, -1 if it is over. */
	poll(now: number, answer: (connection: WebConnection) => void): number {
		const { tls, pump } = this;
		let moved = pump.move();
		tls.poll(now);
		if (tls.state === OPERATING) moved = this.serve(now, answer) || moved;
		moved = pump.move() || moved;
		if (pump.finished) {
			this.#transport.close();
			return -1;
		}
		if (moved || tls.wants() & WANTS_WORK) return 0;
		if (now < this.#deadline) return Math.min(this.#deadline, tls.wakeAt);
		if (tls.state === OPERATING) this.close(now);
		else tls.abort();
		return 0;
	}

	/** Ends it properly. */
	close(now: number): void {
		this.tls.close();
		this.#deadline = now + GOODBYE_TIME;
	}

	/** Moves a request in or an answer out; answers whether anything moved. */
	private serve(now: number, answer: (connection: WebConnection) => void): boolean {
		const { tls, exchange } = this;
		let moved = false;
		if (!exchange.answering && !exchange.requested) {
			if (this.#inAt === this.#inEnd) {
				this.#inAt = 0;
				this.#inEnd = tls.applicationOut(this.#in, 0, this.#in.length);
			}
			const wasIdle = exchange.idle;
			const taken = exchange.take(this.#in, this.#inAt, this.#inEnd);
			this.#inAt += taken;
			moved = taken > 0;
			if (moved && wasIdle) this.#deadline = now + REQUEST_TIME;
		}
		if (exchange.requested) {
			answer(this);
			moved = true;
		}
		if (this.#outAt === this.#outEnd) {
			this.#outAt = 0;
			this.#outEnd = exchange.give(this.#out, 0, this.#out.length);
		}
		const sent = tls.applicationIn(this.#out, this.#outAt, this.#outEnd);
		this.#outAt += sent;
		if (sent > 0) this.#deadline = now + KEEP_ALIVE;
		if (this.#outAt === this.#outEnd && exchange.idle && (exchange.closed || tls.peerClosed)) this.close(now);
		return moved || sent > 0 || tls.state === CLOSED;
	}
}
