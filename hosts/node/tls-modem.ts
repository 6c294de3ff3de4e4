// A modem that does TLS itself, played by Node: its socket takes the options that say whom to talk to and what to trust, and
// bytes pass in the clear between the program and it. What a driver for a real modem implements: os/os, OffloadTransport. For Node.

import { connect, type Socket } from "node:net";
import { connect as connectTls, type TLSSocket } from "node:tls";
import {
	OFFLOAD_REFUSED,
	OFFLOAD_SECURE,
	OFFLOAD_WORKING,
	type OffloadTransport,
	SOCKET_CA_CERT,
	SOCKET_CLIENT_CERT,
	SOCKET_CLIENT_KEY,
	SOCKET_ENABLE,
	SOCKET_HOSTNAME,
	type SocketOption,
	TRANSPORT_CLOSED,
	TRANSPORT_FAILED,
	WOULD_BLOCK,
} from "polltls/os/os";
import { encodePem } from "polltls/pki/pem";

/**
 * A socket of the modem.
 *
 *     const socket = new TlsSocket(stack, new NodeModem("server.example", 443, wake), security);
 *     socket.clientHandshake("server.example");        // no TLS runs here
 */
export class NodeModem implements OffloadTransport {
	offload = OFFLOAD_WORKING;
	/** Options that it was told, in order. */
	readonly told: number[] = [];
	readonly #socket: Socket;
	readonly #changed: () => void;
	#tls: TLSSocket | undefined;
	#hostName = "";
	#ca = "";
	#certificate = "";
	#key = "";
	#incoming = Buffer.alloc(0);
	#ended = false;
	#failed = false;

	constructor(host: string, port: number, changed: () => void) {
		this.#changed = changed;
		this.#socket = connect({ host, port, noDelay: true });
		this.#socket.on("connect", changed).on("error", () => this.refuse());
	}

	get connecting(): boolean {
		return this.#socket.connecting;
	}

	setOption(option: number, value: SocketOption): boolean {
		this.told.push(option);
		if (option === SOCKET_HOSTNAME) this.#hostName = String(value);
		else if (option === SOCKET_CA_CERT) this.#ca += pem("CERTIFICATE", value);
		else if (option === SOCKET_CLIENT_CERT) this.#certificate += pem("CERTIFICATE", value);
		else if (option === SOCKET_CLIENT_KEY) this.#key = pem("PRIVATE KEY", value);
		else if (option === SOCKET_ENABLE) this.enable();
		else return false;
		return true;
	}

	read(bytes: Uint8Array, at: number, end: number): number {
		const count = Math.min(end - at, this.#incoming.length);
		if (count === 0) return this.#failed ? TRANSPORT_FAILED : this.#ended ? TRANSPORT_CLOSED : WOULD_BLOCK;
		bytes.set(this.#incoming.subarray(0, count), at);
		this.#incoming = this.#incoming.subarray(count);
		return count;
	}

	write(bytes: Uint8Array, at: number, end: number): number {
		const tls = this.#tls;
		if (tls === undefined || this.#failed || this.#ended) return TRANSPORT_FAILED;
		if (tls.writableNeedDrain) return WOULD_BLOCK;
		tls.write(Buffer.from(bytes.subarray(at, end)));
		return end - at;
	}

	close(): void {
		(this.#tls ?? this.#socket).end();
	}

	private enable(): void {
		const own = this.#key === "" ? {} : { cert: this.#certificate, key: this.#key };
		const tls = connectTls({ socket: this.#socket, servername: this.#hostName, ca: this.#ca, ...own });
		this.#tls = tls;
		tls.on("secureConnect", () => {
			this.offload = OFFLOAD_SECURE;
			this.#changed();
		});
		tls.on("data", (data: Buffer) => {
			this.#incoming = Buffer.concat([this.#incoming, data]);
			this.#changed();
		});
		tls.on("end", () => {
			this.#ended = true;
			this.#changed();
		});
		tls.on("drain", this.#changed).on("error", () => this.refuse());
	}

	private refuse(): void {
		if (this.offload === OFFLOAD_WORKING) this.offload = OFFLOAD_REFUSED;
		this.#failed = true;
		this.#changed();
	}
}

function pem(label: string, value: SocketOption): string {
	if (!(value instanceof Uint8Array)) return String(value);
	return Buffer.from(encodePem(label, value, 0, value.length)).toString("latin1");
}
