// Asks a CoAP server over DTLS for one resource: what a sensor's gateway does. This is the whole program; a host gives it
// clock and entropy, a UDP network and the registered algorithms, and calls poll() until done.

import { CLOSED, OPERATING, WANTS_WORK } from "polltls/base/status";
import { Writer } from "polltls/base/writer";
import type { Registry } from "polltls/crypto/registry";
import { openDtlsClient } from "polltls/dtls-client";
import type { Connection } from "polltls/engine/connection";
import type { Credential } from "polltls/handshake/settings";
import type { DatagramNetwork, DatagramTransport, Device, Program } from "polltls/os/os";
import type { TrustStore } from "polltls/pki/trust";
import { asciiOf, BLOCK2, bytesOf, CON, CoapMessage, CoapWriter, GET, URI_PATH } from "../../hosts/coap-message.js";

const DATAGRAM = 1500;
/** RFC 7252 4.8: the first interval, and how often a request is sent again. */
const ACK_TIMEOUT = 2000;
const MAX_RETRANSMIT = 4;
/** What every server takes a pre-shared key with (RFC 7925 4.2): TLS_AES_128_CCM_8_SHA256 of 1.3, TLS_PSK_WITH_AES_128_CCM_8 of 1.2. */
const PSK_SUITES: readonly number[] = Object.freeze([0x1305, 0xc0a8]);

export interface CoapsGetOptions {
	/** "192.0.2.1 5684" */
	server: string;
	/** "temperature", "large/text" */
	path: string;
	psk?: { readonly identity: Uint8Array; readonly key: Uint8Array };
	/** Without a pre-shared key: the authorities of the server's certificate, and the name in it. */
	trust?: TrustStore;
	peerName?: string;
	/** Our certificate, for servers that ask for one. */
	credentials?: readonly Credential[];
}

/**
 * One GET, block by block if need be.
 *
 *     const program = new CoapsGet(device, network, registry, { server: "192.0.2.1 5684", path: "temperature", psk });
 *     while (!program.done) waitUntil(program.poll());
 *     print(program.text);
 */
export class CoapsGet implements Program {
	done = false;
	/** The resource's content so far. */
	text = "";
	/** The response's code, class << 5 | detail; 0: there was none. */
	code = 0;
	readonly connection: Connection;
	readonly #device: Pick<Device, "clock">;
	readonly #options: CoapsGetOptions;
	readonly #transport: DatagramTransport;
	readonly #bytes = new Uint8Array(DATAGRAM);
	readonly #message = new CoapMessage();
	#id = 1;
	#block = 0;
	#sendAt = 0;
	#tries = 0;

	constructor(device: Pick<Device, "clock" | "entropy">, network: DatagramNetwork, registry: Registry, options: CoapsGetOptions) {
		const { clock, entropy } = device;
		this.#device = device;
		this.#options = options;
		this.#transport = network.open(0);
		const { psk, trust, credentials, peerName = "" } = options;
		const by = psk === undefined ? { trust, credentials } : { psks: [psk], suites: PSK_SUITES, signatureSchemes: [] };
		this.connection = openDtlsClient({ registry, clock, entropy, ...by, peerName, profile: "iot", connectionIdLength: 0 });
	}

	poll(): number {
		const { connection } = this;
		const now = this.#device.clock.ticks();
		const bytes = this.#bytes;
		const length = connection.traffic.input.ready ? 0 : this.#transport.receive(bytes, 0, DATAGRAM);
		if (length > 0) connection.networkIn(bytes, 0, length, this.#transport.from);
		connection.poll(now);
		if (connection.state === OPERATING && !this.done) this.exchange(now);
		for (let sent = connection.networkOut(bytes, 0, DATAGRAM); sent > 0; sent = connection.networkOut(bytes, 0, DATAGRAM))
			this.#transport.send(bytes, 0, sent, this.#options.server);
		if (connection.state === CLOSED || this.done) return this.finish();
		if (length > 0 || connection.wants() & WANTS_WORK) return 0;
		return Math.min(connection.wakeAt, connection.state === OPERATING ? this.#sendAt : Number.POSITIVE_INFINITY);
	}

	/** Takes what has come; sends the request if it is time to. */
	private exchange(now: number): void {
		const { connection } = this;
		const message = this.#message;
		const length = connection.applicationOut(this.#bytes, 0, DATAGRAM);
		if (length > 0 && message.decode(this.#bytes, 0, length) && message.id === this.#id && message.code !== 0) this.accept();
		if (this.done || now < this.#sendAt) return;
		if (this.#tries > MAX_RETRANSMIT) {
			this.done = true;
			return;
		}
		const writer = new Writer();
		writer.reset(this.#bytes, 0, DATAGRAM);
		const request = new CoapWriter(writer);
		request.begin(CON, GET, this.#id, this.#bytes, 0, 0);
		for (const part of this.#options.path.split("/")) request.option(URI_PATH, bytesOf(part));
		if (this.#block > 0) request.uint(BLOCK2, this.#block);
		connection.applicationIn(this.#bytes, 0, writer.at);
		this.#sendAt = now + (ACK_TIMEOUT << this.#tries++);
	}

	/** The answer to our request: the last block, or one of several (RFC 7959 2.4). */
	private accept(): void {
		const message = this.#message;
		let block = -1;
		while (message.nextOption()) if (message.option === BLOCK2) block = message.uint();
		this.code = message.code;
		this.text += asciiOf(message.bytes, message.payloadAt, message.end);
		this.#id++;
		this.#tries = 0;
		this.#sendAt = 0;
		if (block < 0 || !(block & 8)) this.done = true;
		else this.#block = (((block >> 4) + 1) << 4) | (block & 7);
	}

	private finish(): number {
		const { connection } = this;
		if (!this.done || connection.state === CLOSED) {
			this.done = true;
			this.#transport.close();
			return Number.POSITIVE_INFINITY;
		}
		connection.close();
		const bytes = this.#bytes;
		for (let sent = connection.networkOut(bytes, 0, DATAGRAM); sent > 0; sent = connection.networkOut(bytes, 0, DATAGRAM))
			this.#transport.send(bytes, 0, sent, this.#options.server);
		connection.abort();
		this.#transport.close();
		return Number.POSITIVE_INFINITY;
	}
}
