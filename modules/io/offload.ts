// TLS in the transport's own hardware (a modem), in the place of a connection: it is told what to do by socket options, and
// bytes pass as they are. The calls of io/channel are the same above it.

import { NO_BYTES } from "../base/bytes.js";
import { codeOf, type Failure, NO_FAILURE, OFFLOAD_BROKEN, OFFLOAD_NOT_SECURE, OFFLOAD_OPTION_REFUSED } from "../base/failure.js";
import { CLOSED, HANDSHAKE, OK, OPERATING, WAIT, WANTS_INPUT, WANTS_WORK } from "../base/status.js";
import type { Verdict } from "../handshake/auth.js";
import {
	OFFLOAD_REFUSED,
	OFFLOAD_SECURE,
	type OffloadTransport,
	SOCKET_CA_CERT,
	SOCKET_CLIENT_CERT,
	SOCKET_CLIENT_KEY,
	SOCKET_ENABLE,
	SOCKET_HOSTNAME,
	type StreamTransport,
	TRANSPORT_CLOSED,
	TRANSPORT_FAILED,
} from "../os/os.js";
import { encodePrivateKey } from "../pki/key-writer.js";
import type { Engine } from "./engine.js";
import type { Link } from "./link.js";
import type { Security } from "./security.js";

/** The hardware doesn't tell. */
const NO_VERDICT: Verdict = Object.freeze({ bits: 0, certificate: 0, subject: NO_BYTES });

/** Where no bytes go. */
export const noLink: Link = Object.freeze({
	flush(): boolean {
		return false;
	},
	fill(): boolean {
		return false;
	},
	drained: true,
	empty: true,
	connecting: false,
	broken: false,
	read(): number {
		return TRANSPORT_CLOSED;
	},
	write(): number {
		return TRANSPORT_CLOSED;
	},
	look(): boolean {
		return false;
	},
});

const NOTHING_NEGOTIATED = Object.freeze({ resumed: false, serverTime: 0 });

/** Whether a transport does TLS itself. */
export function isOffload(transport: StreamTransport): transport is OffloadTransport {
	return typeof (transport as Partial<OffloadTransport>).offload === "number";
}

/**
 * One connection in hardware. The first poll passes the options down, the next ones wait until it is secure.
 *
 *     const engine = new OffloadEngine(modemSocket, "server.example", security);
 *     while (engine.state === HANDSHAKE) engine.poll();
 */
export class OffloadEngine implements Engine {
	state = HANDSHAKE;
	failure: Failure = NO_FAILURE;
	peerClosed = false;
	readonly wakeAt = Number.POSITIVE_INFINITY;
	readonly negotiated: { readonly resumed: boolean; readonly serverTime: number } = NOTHING_NEGOTIATED;
	readonly #transport: OffloadTransport;
	readonly #peerName: string;
	readonly #security: Security;
	#enabled = false;

	constructor(transport: OffloadTransport, peerName: string, security: Security) {
		this.#transport = transport;
		this.#peerName = peerName;
		this.#security = security;
	}

	// What only a connection has
	get session(): undefined {
		return undefined;
	}
	get heartbeat(): undefined {
		return undefined;
	}
	get cause(): undefined {
		return undefined;
	}
	get bytesNeeded(): number {
		return 0;
	}
	get silent(): boolean {
		return false;
	}
	get renegotiating(): boolean {
		return false;
	}
	get renegotiations(): number {
		return 0;
	}
	get verifyResult(): number {
		return 0;
	}
	get verdict(): Verdict {
		return NO_VERDICT;
	}

	poll(): number {
		if (this.state === HANDSHAKE && !this.#enabled) {
			this.#enabled = true;
			if (!this.enable()) this.fail(OFFLOAD_OPTION_REFUSED);
		}
		if (this.state === HANDSHAKE && this.#transport.offload === OFFLOAD_REFUSED) this.fail(OFFLOAD_NOT_SECURE);
		else if (this.state === HANDSHAKE && this.#transport.offload === OFFLOAD_SECURE) this.state = OPERATING;
		if (this.failure !== NO_FAILURE) return codeOf(this.failure);
		return this.state === HANDSHAKE ? WAIT : OK;
	}

	wants(): number {
		if (this.state === CLOSED) return 0;
		return this.state === HANDSHAKE && !this.#enabled ? WANTS_WORK : WANTS_INPUT;
	}

	/** Nothing goes through a link: the hardware has the network. */
	networkIn(_bytes: Uint8Array, at: number, end: number): number {
		return end - at;
	}
	networkOut(): number {
		return 0;
	}
	networkEnd(): void {}

	applicationIn(bytes: Uint8Array, at: number, end: number): number {
		return this.state === OPERATING ? this.count(this.#transport.write(bytes, at, end)) : 0;
	}

	applicationOut(bytes: Uint8Array, at: number, end: number): number {
		return this.state === OPERATING && !this.peerClosed ? this.count(this.#transport.read(bytes, at, end)) : 0;
	}

	renegotiate(): boolean {
		return false;
	}

	beat(): boolean {
		return false;
	}

	/** The hardware says goodbye when the transport is closed. */
	close(): void {
		this.state = CLOSED;
	}
	abort(): void {
		this.state = CLOSED;
	}

	private count(answer: number): number {
		if (answer === TRANSPORT_CLOSED) this.peerClosed = true;
		else if (answer === TRANSPORT_FAILED) this.fail(OFFLOAD_BROKEN);
		return Math.max(0, answer);
	}

	/** Each certificate is an option of its own. */
	private enable(): boolean {
		const transport = this.#transport;
		const { trust, credentials } = this.#security;
		let taken = transport.setOption(SOCKET_HOSTNAME, this.#peerName);
		for (const anchor of trust.anchors) taken = transport.setOption(SOCKET_CA_CERT, anchor.bytes) && taken;
		for (const { chain, key } of credentials) {
			for (const certificate of chain) taken = transport.setOption(SOCKET_CLIENT_CERT, certificate) && taken;
			const pkcs8 = encodePrivateKey(key);
			taken = transport.setOption(SOCKET_CLIENT_KEY, pkcs8) && taken;
			pkcs8.fill(0);
		}
		return transport.setOption(SOCKET_ENABLE, true) && taken;
	}

	private fail(failure: Failure): void {
		if (this.failure !== NO_FAILURE) return;
		this.failure = failure;
		this.state = CLOSED;
	}
}
