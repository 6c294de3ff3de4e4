// The simulated device's UDP, on Node's: ports with a short queue, as a device has, and a network that can be made worse by a
// plan (see weather.ts). For simulator.ts.

import { createSocket, type Socket } from "node:dgram";
import { isIP } from "node:net";
import { DATAGRAM_CLOSE, DATAGRAM_OPEN, DATAGRAM_RECEIVE, DATAGRAM_SEND, ENTRY_LENGTH } from "./protocol.js";
import type { Fields } from "./services.js";
import type { DatagramCopy, DatagramPlan } from "./weather.js";

/** Handles apart from those of TCP, which count up from 1. */
const FIRST_HANDLE = 65000;
/** Datagrams that wait for the device; more are lost. */
const QUEUE = 16;
const NOTHING = new Uint8Array(0);

interface Port {
	socket: Socket;
	waiting: { from: string; bytes: Buffer }[];
}

/** All UDP ports of one device, by handle. */
export class Datagrams {
	/** Which port of this machine a port of the device is. */
	readonly ports = new Map<number, number>();
	/** Bytes that crossed to and from the device. */
	bytesIn = 0;
	bytesOut = 0;
	/** Told of each port that the device opens. */
	onOpen: (() => void) | undefined;
	readonly #host: string;
	readonly #plan: DatagramPlan | undefined;
	readonly #changed: () => void;
	readonly #ports = new Map<number, Port>();
	readonly #news = new Set<number>();
	/** Where a peer really is that seems to be elsewhere. */
	readonly #real = new Map<string, string>();

	constructor(host: string, plan: DatagramPlan | undefined, changed: () => void) {
		this.#host = host;
		this.#plan = plan;
		this.#changed = changed;
	}

	/** What changed since the last call: entries of a POLL command, with the number of datagrams that wait. */
	news(): Buffer {
		const entries = Buffer.alloc(this.#news.size * ENTRY_LENGTH);
		let at = 0;
		for (const handle of this.#news) {
			entries.writeUInt16BE(handle, at);
			entries.writeUInt16BE(this.#ports.get(handle)?.waiting.length ?? 0, at + 3);
			at += ENTRY_LENGTH;
		}
		this.#news.clear();
		return entries;
	}

	/** Serves a request about datagrams; undefined if the operation isn't one of them. */
	answer(operation: number, fields: Fields): Uint8Array | Promise<Uint8Array> | undefined {
		switch (operation) {
			case DATAGRAM_OPEN:
				return this.#open(fields.u16());
			case DATAGRAM_RECEIVE: {
				const datagram = this.#ports.get(fields.u16())?.waiting.shift();
				if (datagram === undefined) return Uint8Array.of(0);
				return Buffer.concat([Buffer.of(datagram.from.length), Buffer.from(datagram.from), datagram.bytes]);
			}
			case DATAGRAM_SEND: {
				const port = this.#ports.get(fields.u16());
				const to = fields.take(fields.u8()).toString();
				const bytes = Buffer.from(fields.rest()); // the request's memory is the worker's
				this.bytesOut += bytes.length;
				this.#carry(false, bytes, (copy) => {
					const [address, number] = (this.#real.get(to) ?? to).split(" ");
					port?.socket.send(copy.bytes, Number(number), address, () => {});
				});
				return NOTHING;
			}
			case DATAGRAM_CLOSE: {
				const handle = fields.u16();
				this.#ports.get(handle)?.socket.close();
				this.#ports.delete(handle);
				return NOTHING;
			}
			default:
				return undefined;
		}
	}

	/** The device is gone. */
	destroy(): void {
		for (const { socket } of this.#ports.values()) socket.close();
		this.#ports.clear();
	}

	#open(devicePort: number): Promise<Uint8Array> {
		return new Promise((resolve) => {
			let handle = FIRST_HANDLE;
			while (this.#ports.has(handle)) handle++;
			const socket = createSocket(isIP(this.#host) === 6 ? "udp6" : "udp4");
			const waiting: Port["waiting"] = [];
			socket.once("error", (error: NodeJS.ErrnoException) => resolve(Buffer.concat([numberBytes(0), Buffer.from(error.message)])));
			socket.bind(devicePort, this.#host, () => {
				socket.removeAllListeners("error");
				socket.on("error", () => {});
				this.#ports.set(handle, { socket, waiting });
				this.ports.set(devicePort, socket.address().port);
				this.onOpen?.();
				resolve(numberBytes(handle));
			});
			socket.on("message", (bytes, { address, port }) =>
				this.#carry(true, bytes, (copy) => {
					if (waiting.length >= QUEUE) return;
					const real = `${address} ${port}`;
					if (copy.from !== undefined) this.#real.set(copy.from, real);
					waiting.push({ from: copy.from ?? real, bytes: Buffer.from(copy.bytes) });
					this.bytesIn += bytes.length;
					this.#news.add(handle);
					this.#changed();
				}),
			);
		});
	}

	/** Delivers a datagram as often, and as late, as the plan has it. */
	#carry(toDevice: boolean, bytes: Uint8Array, deliver: (copy: DatagramCopy) => void): void {
		for (const copy of this.#plan?.({ toDevice, bytes }) ?? [{ delay: 0, bytes }]) {
			if (copy.delay <= 0) deliver(copy);
			else setTimeout(deliver, copy.delay, copy).unref();
		}
	}
}

function numberBytes(number: number): Buffer {
	return Buffer.of(number >> 8, number);
}
