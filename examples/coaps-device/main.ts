// A small CoAP server over DTLS on the stack: temperature and LED of a device, its state, and a text that is too long for
// one datagram. This is the whole program; a host gives it clock and entropy, a UDP network, the registered algorithms and
// the board, and calls poll().

import { CLOSED, OPERATING, WANTS_WORK } from "polltls/base/status";
import type { Registry } from "polltls/crypto/registry";
import { openDtlsDoor } from "polltls/dtls-server";
import type { Credential } from "polltls/handshake/settings";
import { type DtlsDoor, type Guest, ROUTE_ANSWER, ROUTE_FULL, ROUTE_GUEST, ROUTE_NEW } from "polltls/io/dtls-door";
import { type DatagramNetwork, type DatagramTransport, type Device, LOG_DEBUG, LOG_INFO, type Program } from "polltls/os/os";
import type { TrustStore } from "polltls/pki/trust";
import { JSON_FORMAT, TEXT_PLAIN } from "../../hosts/coap-message.js";
import { type CoapResource, CoapSession } from "../../hosts/coap-server.js";

/** Datagrams of up to 1.4 KB; chains of certificates of 2 KB, the client's and ours. */
const PROFILE = Object.freeze({ receive: 1400, send: 1600, store: 2048, flight: 2048 });
const DATAGRAM = 1500;
/** A guest that has been quiet for so long may be sent away for a new one. */
const IDLE_MS = 60000;
/** How often observed values are looked at. */
const WATCH_MS = 1000;

export interface CoapBoard {
	/** Degrees Celsius. */
	readonly temperature: number;
	switchLed(on: boolean): void;
}

export interface CoapsDeviceOptions {
	port: number;
	/** Connections at once. */
	pool: number;
	/** Who may ask: identity and key, as bytes. */
	psks?: readonly { readonly identity: Uint8Array; readonly key: Uint8Array }[];
	/** For clients that know certificates: the device's. With `trust`, they must show one of these authorities. */
	credentials?: readonly Credential[];
	trust?: TrustStore;
}

/** A client with its CoAP. */
interface Visitor {
	readonly coap: CoapSession;
	quietSince: number;
}

/**
 * The program.
 *
 *     const program = new CoapsDevice(device, network, registry, board, { port: 5684, pool: 4, psks: [{ identity, key }] });
 *     program.poll();                 // at each event, and at the ticks that the last poll answered
 */
export class CoapsDevice implements Program {
	requests = 0;
	led = false;
	readonly #device: Pick<Device, "clock" | "log">;
	readonly #network: DatagramNetwork;
	readonly #options: CoapsDeviceOptions;
	readonly #door: DtlsDoor;
	readonly #resources: readonly CoapResource[];
	readonly #datagram = new Uint8Array(DATAGRAM);
	#transport: DatagramTransport | undefined;
	/** Its guest has not used up the datagram: no other is taken from the network. */
	#waiting: { guest: Guest; bytes: Uint8Array; at: number; end: number; from: string } | undefined;
	#watchAt = 0;

	constructor(device: Pick<Device, "clock" | "entropy" | "log">, network: DatagramNetwork, registry: Registry, board: CoapBoard, options: CoapsDeviceOptions) {
		this.#device = device;
		this.#network = network;
		this.#options = options;
		const { clock, entropy } = device;
		const { psks, credentials, trust, pool } = options;
		this.#door = openDtlsDoor({
			registry,
			clock,
			entropy,
			psks,
			credentials,
			trust,
			verifyClient: trust === undefined ? "no" : "require",
			profile: PROFILE,
			connectionIdLength: 4,
			maxConnections: pool,
			handshakeTimeout: 30000,
		});
		this.#resources = this.resources(board);
	}

	poll(): number {
		const now = this.#device.clock.ticks();
		this.#transport ??= this.open();
		let busy = this.receive(this.#transport, now);
		let wakeAt = Number.POSITIVE_INFINITY;
		const watching = now >= this.#watchAt;
		if (watching) this.#watchAt = now + WATCH_MS;
		for (const guest of this.#door.guests.slice()) {
			const { connection } = guest;
			connection.poll(now);
			if (this.serve(guest, watching, now)) busy = true;
			this.send(guest, this.#transport);
			if (connection.wants() & WANTS_WORK) busy = true;
			if (connection.state === CLOSED) this.#door.remove(guest);
			else wakeAt = Math.min(wakeAt, connection.wakeAt, (guest.owner as Visitor).coap.observing > 0 ? this.#watchAt : Number.POSITIVE_INFINITY);
		}
		return busy ? 0 : wakeAt;
	}

	/** What it tells about itself. */
	state(): string {
		return JSON.stringify({ connections: this.#door.guests.length, pool: this.#options.pool, requests: this.requests, led: this.led });
	}

	private open(): DatagramTransport {
		const { port } = this.#options;
		this.#device.log(LOG_INFO, `CoAP on port ${port}`);
		return this.#network.open(port);
	}

	/** Takes a datagram, if there is one and the last has been used up; answers whether there may be more. */
	private receive(transport: DatagramTransport, now: number): boolean {
		const door = this.#door;
		const datagram = this.#datagram;
		if (this.#waiting === undefined) {
			const length = transport.receive(datagram, 0, DATAGRAM);
			if (length <= 0) return false;
			const { from } = transport;
			const route = door.route(now, datagram, 0, length, from);
			const { guest } = door;
			if (route === ROUTE_ANSWER || route === ROUTE_FULL) transport.send(door.answer, 0, door.answerLength, from);
			if (route === ROUTE_FULL) this.makeRoom(now);
			if (guest === undefined || (route !== ROUTE_GUEST && route !== ROUTE_NEW)) return true;
			if (route === ROUTE_NEW) {
				guest.owner = { coap: new CoapSession(this.#resources), quietSince: now } satisfies Visitor;
				this.#device.log(LOG_DEBUG, `${from} comes in`);
				this.#waiting = { guest, bytes: door.hello, at: door.helloAt, end: door.helloEnd, from };
			} else this.#waiting = { guest, bytes: datagram, at: 0, end: length, from };
		}
		const { guest, bytes, at, end, from } = this.#waiting;
		if (guest.connection.networkIn(bytes, at, end, from) > 0) this.#waiting = undefined;
		return true;
	}

	/** Sends away the guest that has been quiet for the longest, if for long enough: the next one finds room. */
	private makeRoom(now: number): void {
		let quiet: Guest | undefined;
		for (const guest of this.#door.guests) {
			const { quietSince } = guest.owner as Visitor;
			if (now - quietSince >= IDLE_MS && (quiet === undefined || quietSince < (quiet.owner as Visitor).quietSince)) quiet = guest;
		}
		quiet?.connection.close();
	}

	/** Answers a request, and tells observers what has changed; whether there was one. */
	private serve(guest: Guest, watching: boolean, now: number): boolean {
		const { connection } = guest;
		const visitor = guest.owner as Visitor;
		const { coap } = visitor;
		if (connection.state !== OPERATING) return false;
		if (connection.peerClosed) {
			connection.close();
			return true;
		}
		// The datagram that waits belongs to the network; a request is read into a place of its own
		const request = new Uint8Array(PROFILE.receive);
		const length = connection.applicationOut(request, 0, request.length);
		if (length > 0) {
			visitor.quietSince = now;
			this.requests++;
			const answer = coap.receive(request, 0, length);
			if (answer > 0) connection.applicationIn(coap.answer, 0, answer);
		}
		if (!watching || coap.observing === 0) return length > 0;
		const news = coap.notify();
		if (news > 0) connection.applicationIn(coap.answer, 0, news);
		return true;
	}

	private send({ connection, address }: Guest, transport: DatagramTransport): void {
		const guest = this.#door.guests.find((each) => each.connection === connection);
		if (guest !== undefined && connection.peerAddress !== "" && connection.peerAddress !== address) this.#door.move(guest, connection.peerAddress);
		const packet = new Uint8Array(DATAGRAM);
		for (let length = connection.networkOut(packet, 0, DATAGRAM); length > 0; length = connection.networkOut(packet, 0, DATAGRAM))
			transport.send(packet, 0, length, connection.elsewhere ?? (connection.peerAddress || address));
	}

	private resources(board: CoapBoard): CoapResource[] {
		return [
			{ path: "temperature", format: TEXT_PLAIN, attributes: 'rt="temperature-c"', observable: true, read: () => board.temperature.toFixed(1) },
			{
				path: "led",
				format: TEXT_PLAIN,
				observable: true,
				read: () => (this.led ? "on" : "off"),
				write: (value) => {
					if (value !== "on" && value !== "off") return false;
					this.led = value === "on";
					board.switchLed(this.led);
					return true;
				},
			},
			{ path: "state", format: JSON_FORMAT, read: () => this.state() },
			{ path: "manual", format: TEXT_PLAIN, attributes: "sz=1920", read: () => "GET temperature, led, state; PUT led.\n".padEnd(64, ".").repeat(30) },
		];
	}
}
