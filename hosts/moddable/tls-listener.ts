// A listener whose connections are TLS: in place of embedded:io/socket/listener, for the SDK's HTTP server and others.

import Listener from "embedded:io/socket/listener";
import TCP from "embedded:io/socket/tcp";
import type { ServerOptions } from "polltls/engine/config";
import { TicketKeys } from "polltls/handshake/ticket-keys";
import type { ListenerConstructor, ListenerIo, StreamConstructor } from "./io-types.js";
import { openServer } from "./open-server.js";
import { settings } from "./settings.js";
import { TlsChannel } from "./tls-channel.js";
import { serverOptions, type TlsServerOptions } from "./tls-options.js";
import { TlsSocket } from "./tls-socket.js";

/** How long the tickets of a listener may be used. */
const TICKET_SECONDS = 7200;

export interface TlsListenerOptions {
	port?: number;
	address?: string;
	target?: unknown;
	onReadable?(this: TlsListener, count: number): void;
	onError?(this: TlsListener, error?: unknown): void;
	/** The server's certificates and keys, and what else its connections are to be like. */
	tls: TlsServerOptions;
	/** Connections at once; what comes beyond is closed before it costs memory. */
	maxConnections?: number;
}

/**
 * Takes connections. Each read() begins one; its handshake goes on by itself, and its owner hears of it when it is done.
 *
 *     new TlsListener({
 *         port: 443,
 *         tls: { certificate: new Resource("server.der"), key: new Resource("server.pk8") },
 *         onReadable(count) { while (count--) serve(new TlsSocket({ from: this.read(), onReadable, onWritable, onError })); },
 *     });
 *     new HTTPServer({ io: TlsListener.with({ certificate, key }), port: 443, onConnect });      // the SDK's
 */
export class TlsListener {
	declare target: unknown;
	readonly #io: ListenerIo;
	readonly #options: ServerOptions;
	readonly #limit: number;
	#open = 0;

	constructor(options: TlsListenerOptions) {
		const { port, address, target, onReadable, onError, tls, maxConnections } = options;
		this.#options = withTickets(serverOptions(tls));
		this.#limit = maxConnections ?? settings.connections;
		if (target !== undefined) this.target = target;
		this.#io = new (Listener as unknown as ListenerConstructor)({
			...(port === undefined ? {} : { port }),
			...(address === undefined ? {} : { address }),
			onReadable: (count: number) => {
				const free = this.#limit - this.#open;
				for (; count > free; count--) this.#io.read()?.close();
				if (count > 0) onReadable?.call(this, count);
			},
			onError: (error?: unknown) => onError?.call(this, error),
		});
	}

	/** A class of listeners with these certificates, for those who make their own: they give a port and callbacks. */
	static with(tls: TlsServerOptions, maxConnections?: number): new (options: Omit<TlsListenerOptions, "tls">) => TlsListener {
		return class extends TlsListener {
			constructor(options: Omit<TlsListenerOptions, "tls">) {
				super({ ...options, tls, ...(maxConnections === undefined ? {} : { maxConnections }) });
			}
		};
	}

	/** The next connection, or undefined. It must be taken over ({ from }) or closed. */
	read(): TlsSocket | undefined {
		const from = this.#io.read();
		if (from === undefined) return undefined;
		const channel = new TlsChannel(openServer(this.#options), TCP as unknown as StreamConstructor, { from });
		this.#open++;
		channel.onGone = () => {
			this.#open--;
		};
		return TlsSocket.of(channel);
	}

	close(): void {
		this.#io.close();
	}

	get port(): number | undefined {
		return this.#io.port;
	}

	get format(): "socket/tcp" {
		return "socket/tcp";
	}
	set format(format: string) {
		if (format !== "socket/tcp") throw new RangeError("format");
	}
}

/** Clients may resume, unless the options say otherwise. */
function withTickets(options: ServerOptions): ServerOptions {
	if ("tickets" in options || options.ticketCount === 0) return options;
	const { registry, clock, entropy } = options;
	return { ...options, tickets: new TicketKeys(registry, clock, entropy, TICKET_SECONDS) };
}
