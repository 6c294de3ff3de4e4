// UDP of a desktop as os/os has it, for programs that are polled. Addresses are "192.0.2.1 5684". For Node.

import { createSocket, type Socket } from "node:dgram";
import { isIP } from "node:net";
import { DATAGRAM_TOO_LONG, type DatagramNetwork, type DatagramTransport, TRANSPORT_CLOSED, TRANSPORT_FAILED, WOULD_BLOCK } from "polltls/os/os";

/** Datagrams that wait for the program; more are lost, as they would be in a socket's buffer. */
const QUEUE = 64;

/** A port. */
export class PolledPort implements DatagramTransport {
	from = "";
	readonly socket: Socket;
	readonly #waiting: { bytes: Buffer; from: string }[] = [];
	/** Datagrams of this length and longer are too long for the network. */
	#refused = Number.POSITIVE_INFINITY;
	#failed = false;
	#closed = false;
	/** Datagrams that Node still has. */
	#leaving = 0;

	constructor(socket: Socket, changed: () => void) {
		this.socket = socket;
		socket.on("message", (bytes, { address, port }) => {
			if (this.#waiting.length < QUEUE) this.#waiting.push({ bytes, from: `${address} ${port}` });
			changed();
		});
		socket.on("error", (error: NodeJS.ErrnoException) => {
			// A port that can't be had is the end of it; what the network refuses on the way isn't
			if (error.syscall === "bind") this.#failed = true;
			changed();
		});
	}

	receive(bytes: Uint8Array, at: number, end: number): number {
		if (this.#closed) return TRANSPORT_CLOSED;
		for (let next = this.#waiting.shift(); next !== undefined; next = this.#waiting.shift()) {
			const { length } = next.bytes;
			if (length === 0 || length > end - at) continue;
			bytes.set(next.bytes, at);
			this.from = next.from;
			return length;
		}
		return this.#failed ? TRANSPORT_FAILED : WOULD_BLOCK;
	}

	send(bytes: Uint8Array, at: number, end: number, to: string): number {
		if (this.#closed) return TRANSPORT_CLOSED;
		if (this.#failed) return TRANSPORT_FAILED;
		const [address, port] = to.split(" ");
		if (end - at >= this.#refused) return DATAGRAM_TOO_LONG;
		this.#leaving++;
		this.socket.send(Buffer.from(bytes.subarray(at, end)), Number(port), address, (error) => {
			// Told too late for this one: the next that is as long is refused at once
			if ((error as NodeJS.ErrnoException | null)?.code === "EMSGSIZE") this.#refused = Math.min(this.#refused, end - at);
			if (--this.#leaving === 0 && this.#closed) this.socket.close();
		});
		return end - at;
	}

	close(): void {
		if (this.#closed) return;
		this.#closed = true;
		if (this.#leaving === 0 || this.#failed) this.socket.close(); // else what was sent would be lost
	}
}

/**
 * UDP.
 *
 *     const network = new PolledDatagrams("127.0.0.1", wake);
 *     const transport = network.open(0);
 *     const port = await network.port(transport);
 */
export class PolledDatagrams implements DatagramNetwork {
	readonly #host: string;
	readonly #changed: () => void;
	readonly #open = new Set<number>();
	readonly #ports = new Map<number, PolledPort>();

	/** host: where ports are opened. changed: called when something may have changed on any port. */
	constructor(host: string, changed: () => void) {
		this.#host = host;
		this.#changed = changed;
	}

	/** A port that another program has shows as TRANSPORT_FAILED; one that is open here throws. */
	open(port: number): PolledPort {
		if (port !== 0 && this.#open.has(port)) throw new Error(`port ${port} is open already`);
		const socket = createSocket(isIP(this.#host) === 6 ? "udp6" : "udp4");
		const opened = new PolledPort(socket, this.#changed);
		this.#open.add(port);
		this.#ports.set(port, opened);
		socket.on("close", () => this.#open.delete(port));
		socket.bind({ port, address: this.#host, exclusive: true });
		return opened;
	}

	/** Closes every port. */
	close(): void {
		for (const port of this.#ports.values()) port.close();
		this.#ports.clear();
	}

	/** The port that stands for one that was opened last as this number (0: a free one), once it is open. */
	async port(number: number): Promise<number> {
		const socket = this.#ports.get(number)?.socket;
		if (socket === undefined) throw new Error(`port ${number} was not opened`);
		try {
			return socket.address().port;
		} catch {
			await new Promise<void>((resolve) => socket.once("listening", resolve));
			return socket.address().port;
		}
	}
}
