// A small web server on the stack: the device's state as a page and as JSON, and a LED to switch. This is the whole
// program; a host gives it the device (os/os), the registered algorithms and the board, and calls poll().

import type { Registry } from "polltls/crypto/registry";
import { type Device, LOG_DEBUG, LOG_INFO, LOG_WARNING, type Program, type StreamListener, type StreamTransport } from "polltls/os/os";
import { openTlsServer } from "polltls/tls-server";
import { Identity } from "./identity.js";
import { page } from "./page.js";
import { describe, type State } from "./state.js";
import { WebConnection } from "./web-connection.js";

/** Records of up to 4 KB in, which is more than any request here, and of up to 2 KB out. */
const PROFILE = Object.freeze({ receive: 4096, send: 2048, store: 4096, flight: 2048 });
/** A fatal internal_error: what a server without memory for another connection has to say (RFC 8446 6.2). */
const REFUSAL: readonly number[] = Object.freeze([21, 3, 3, 0, 2, 2, 80]);

/** What differs from board to board. */
export interface Board {
	switchLed(on: boolean): void;
	/** Bytes of heap: in use, at most so far, and in all; 0 where that isn't known. */
	readonly heapUsed: number;
	readonly heapPeak: number;
	readonly heapSize: number;
}

export interface HttpsDeviceOptions {
	port: number;
	/** Connections at once. */
	pool: number;
	/** What the device is called by those who connect: names and addresses. */
	names: readonly string[];
}

/**
 * The program.
 *
 *     const program = new HttpsDevice(device, registry, board, { port: 443, pool: 4, names: ["device.local"] });
 *     program.poll();                 // at each event, and at the ticks that the last poll answered
 */
export class HttpsDevice implements Program {
	readonly #device: Device;
	readonly #registry: Registry;
	readonly #board: Board;
	readonly #options: HttpsDeviceOptions;
	readonly #identity: Identity;
	readonly #connections: WebConnection[] = [];
	readonly #answer = (connection: WebConnection): void => this.route(connection);
	#listener: StreamListener | undefined;
	#state: State = { led: false, requests: 0, refused: 0, polls: 0, longestPollMs: 0, startedAt: 0 };

	constructor(device: Device, registry: Registry, board: Board, options: HttpsDeviceOptions) {
		this.#device = device;
		this.#registry = registry;
		this.#board = board;
		this.#options = options;
		this.#identity = new Identity(device, registry, options.names);
		this.#state.startedAt = device.clock.ticks();
	}

	poll(): number {
		const state = this.#state;
		const { clock } = this.#device;
		const start = clock.ticks();
		const wakeAt = this.#identity.poll() ? this.pollConnections(start) : 0;
		const time = clock.ticks() - start;
		if (time > state.longestPollMs) state.longestPollMs = time;
		state.polls++;
		return wakeAt;
	}

	/** What GET /state tells about one connection. */
	state(connection?: WebConnection): string {
		return describe(this.#state, this.#board, this.#device.clock.ticks(), this.#connections.length, this.#options.pool, connection);
	}

	private pollConnections(now: number): number {
		const { port, pool } = this.#options;
		if (!this.#listener) {
			this.#listener = this.#device.listen(port, pool + 2);
			this.#device.log(LOG_INFO, `listening on port ${port}`);
		}
		let wakeAt = this.#listener.waiting && this.admit(this.#listener, now) ? 0 : Number.POSITIVE_INFINITY;
		for (let i = this.#connections.length - 1; i >= 0; i--) {
			const next = this.#connections[i].poll(now, this.#answer);
			if (next < 0) this.#connections.splice(i, 1);
			wakeAt = Math.min(wakeAt, Math.max(0, next));
		}
		return wakeAt;
	}

	/** Lets the next connection in. In a full pool it waits while one leaves, an idle one if there is one; else it is told that there is no room. */
	private admit(listener: StreamListener, now: number): boolean {
		const connections = this.#connections;
		const { pool } = this.#options;
		if (connections.length >= pool && connections.some((connection) => connection.leaving)) return false;
		const idle = connections.length < pool ? undefined : connections.find((connection) => connection.idle);
		if (idle) idle.close(now);
		else {
			const transport = listener.accept();
			if (transport && connections.length < pool) this.open(transport, now);
			else if (transport) this.refuse(transport);
		}
		return true;
	}

	private open(transport: StreamTransport, now: number): void {
		const { clock, entropy, log } = this.#device;
		const { certificate, key } = this.#identity;
		if (!certificate || !key) throw new Error("no identity yet");
		const credentials = [{ chain: [certificate], key }];
		const tls = openTlsServer({
			registry: this.#registry,
			clock,
			entropy,
			credentials,
			profile: PROFILE,
			alpn: ["http/1.1", "http/1.0"],
			handshakeTimeout: 30000,
		});
		this.#connections.push(new WebConnection(tls, transport, now));
		log(LOG_DEBUG, `connection ${this.#connections.length} of ${this.#options.pool}`);
	}

	private refuse(transport: StreamTransport): void {
		transport.write(Uint8Array.from(REFUSAL), 0, REFUSAL.length);
		transport.close();
		this.#state.refused++;
		this.#device.log(LOG_WARNING, `a connection was refused: all ${this.#options.pool} are in use`);
	}

	private route(connection: WebConnection): void {
		const { exchange } = connection;
		const { method, target, body } = exchange;
		const reads = method === "GET" || method === "HEAD";
		this.#state.requests++;
		if (exchange.refusal) exchange.answer(exchange.refusal, "text/plain", ["this request can't be read\n"]);
		else if (target === "/" && reads) exchange.answer(200, "text/html; charset=utf-8", page(this.state(connection)));
		else if (target === "/state" && reads) exchange.answer(200, "application/json", [this.state(connection)]);
		else if (target === "/led" && method === "PUT" && /^(on|off)$/.test(body)) {
			this.#state.led = body === "on";
			this.#board.switchLed(this.#state.led);
			exchange.answer(200, "application/json", [this.state(connection)]);
		} else if (target === "/led" && method === "PUT") exchange.answer(400, "text/plain", ["on or off\n"]);
		else if (target === "/" || target === "/state") exchange.answer(405, "text/plain", ["GET only\n"], "Allow: GET, HEAD\r\n");
		else if (target === "/led") exchange.answer(405, "text/plain", ["PUT only\n"], "Allow: PUT\r\n");
		else exchange.answer(404, "text/plain", ["there is /, /state and /led\n"]);
	}
}
