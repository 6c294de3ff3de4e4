// DTLS over embedded:io/socket/udp: a socket with one peer, whose datagrams are secured. A client, or one of a listener's.

import UDP from "embedded:io/socket/udp";
import type { DtlsOptions } from "polltls/dtls-options";
import type { Connection } from "polltls/engine/connection";
import type { TrustStore } from "polltls/pki/trust";
import { arrayOf } from "./byte-buffers.js";
import { DtlsChannel } from "./dtls-channel.js";
import type { ByteBuffer, DatagramConstructor } from "./io-types.js";
import { openDtls } from "./open-dtls-client.js";
import { settings } from "./settings.js";
import type { ChannelOwner } from "./tls-channel.js";
import type { TlsError } from "./tls-error.js";
import { clientPlan, clientTrust, type TlsOptions } from "./tls-options.js";
import { UdpTransport } from "./udp-transport.js";

/** How a listener makes a socket of its own channel. */
const OF_CHANNEL: unique symbol = Symbol("channel");

export interface DtlsSocketOptions {
	/** A DtlsSocket to take over. */
	from?: DtlsSocket;
	/** Numeric. */
	address?: string;
	port?: number;
	/** The server's name, if dtls.host doesn't say. */
	host?: string;
	/** As a TlsSocket's tls; psks for pre-shared keys; and what datagrams have beside it (dtls-options). */
	dtls?: TlsOptions & DtlsOptions;
	/** The class to send with; the platform's if it isn't given. */
	UDP?: { io: DatagramConstructor };
	format?: "buffer";
	target?: unknown;
	onReadable?(this: DtlsSocket, count: number): void;
	onWritable?(this: DtlsSocket, count: number): void;
	onError?(this: DtlsSocket, error?: TlsError): void;
}

/**
 * Shakes hands; onWritable comes when that is done, with the longest datagram's length. onReadable comes for each datagram,
 * onError when the handshake failed or the peer has closed. Nothing is called back from inside a call, nor after close().
 *
 *     const socket = new DtlsSocket({
 *         address: "192.0.2.1", port: 5684,
 *         dtls: { psks: [{ identity, key }], connectionIdLength: 0 },       // or host, ca, ... for certificates
 *         onWritable() { this.write(request); },
 *         onReadable() { use(this.read()); },
 *         onError(error) { trace(error ?? "closed", "\n"); },
 *     });
 */
export class DtlsSocket implements ChannelOwner {
	declare target: unknown;
	#channel: DtlsChannel | undefined;
	readonly #onReadable: DtlsSocketOptions["onReadable"];
	readonly #onWritable: DtlsSocketOptions["onWritable"];
	readonly #onError: DtlsSocketOptions["onError"];

	constructor(options: DtlsSocketOptions & { [OF_CHANNEL]?: DtlsChannel }) {
		const { onReadable, onWritable, onError, format, target, from } = options;
		this.#onReadable = onReadable;
		this.#onWritable = onWritable;
		this.#onError = onError;
		if (format !== undefined) this.format = format;
		if (target !== undefined) this.target = target;
		const made = options[OF_CHANNEL];
		if (made !== undefined) this.#channel = made;
		else {
			this.#channel = from === undefined ? connectChannel(options, clientTrust({ tls: options.dtls })) : from.#release();
			this.#channel.attach(this);
		}
	}

	/** By a listener: a socket of a channel that nobody is told of yet. */
	static of(channel: DtlsChannel): DtlsSocket {
		return new DtlsSocket({ [OF_CHANNEL]: channel });
	}

	close(): void {
		this.#channel?.close();
		this.#channel = undefined;
	}

	/**
	 * The datagram that has come, with its address and port as UDP has them; or into a byte buffer, which answers how many
	 * bytes: what has no room there is lost. undefined: there is none.
	 */
	read(into?: ByteBuffer): (ArrayBuffer & { address: string; port: number }) | number | undefined {
		const channel = this.#channel;
		if (channel === undefined || channel.readable === 0) return undefined;
		if (into !== undefined) {
			const bytes = arrayOf(into);
			const length = Math.min(bytes.length, channel.readable);
			channel.read(length === bytes.length ? bytes : bytes.subarray(0, length));
			return length;
		}
		const { remoteAddress: address = "", remotePort: port = 0 } = this;
		const bytes = new Uint8Array(channel.readable);
		channel.read(bytes);
		return Object.assign(bytes.buffer, { address, port });
	}

	/** Sends it as a datagram, or throws if it is longer than one may be now. Address and port are passed over: there is one peer. Answers how long the next may be. */
	write(data: ByteBuffer, _address?: string, _port?: number): number {
		const channel = this.#channel;
		if (channel === undefined) throw new Error("closed");
		const bytes = arrayOf(data);
		if (bytes.length > channel.writable) throw new RangeError("would block");
		channel.write(bytes);
		return channel.writable;
	}

	get format(): "buffer" {
		return "buffer";
	}
	set format(format: string) {
		if (format !== "buffer") throw new RangeError("format");
	}

	get remoteAddress(): string | undefined {
		return this.#channel?.address.split(" ")[0];
	}
	get remotePort(): number | undefined {
		return this.#channel && Number(this.#channel.address.split(" ")[1]);
	}

	/** The connection, for what was agreed on (negotiated, report(), peerCertificate), renewId and silent. */
	get connection(): Connection | undefined {
		return this.#channel?.connection;
	}

	/** Called by its channel. */
	readable(count: number): void {
		this.#onReadable?.(count);
	}
	writable(count: number): void {
		this.#onWritable?.(count);
	}
	ended(error: TlsError | undefined): void {
		this.#onError?.(error);
	}

	#release(): DtlsChannel {
		const channel = this.#channel;
		if (channel === undefined) throw new Error("closed");
		channel.detach();
		this.#channel = undefined;
		return channel;
	}
}

function connectChannel(options: DtlsSocketOptions, trust: TrustStore): DtlsChannel {
	const { address, port, host, dtls = {} } = options;
	if (address === undefined || port === undefined || !/^[0-9a-fA-F.:]+$/.test(address)) throw new RangeError("address, port: numeric ones are needed");
	const { options: engine, owner } = clientPlan({ address, port, host, tls: { ...dtls, profile: dtls.profile ?? settings.datagramProfile } }, trust, "dtls");
	const channel = new DtlsChannel(openDtls(engine), `${address} ${port}`);
	try {
		const Udp = options.UDP?.io ?? (UDP as unknown as DatagramConstructor);
		channel.connect(new UdpTransport(Udp, 0, () => channel.turn.run()), true);
	} catch (error) {
		channel.close();
		throw error;
	}
	channel.keepSessions(owner);
	return channel;
}
