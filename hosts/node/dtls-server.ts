// A DTLS server on one UDP socket: a stream for each client. For programs in Node and for the polltls command.

import { createSocket, type RemoteInfo, type Socket } from "node:dgram";
import { EventEmitter } from "node:events";
import type { AddressInfo } from "node:net";
import { type DtlsDoor, type Guest, ROUTE_ANSWER, ROUTE_FULL, ROUTE_GUEST, ROUTE_NEW } from "polltls/io/dtls-door";
import { DtlsStream, type Loss, lossySend } from "./dtls-stream.js";

/**
 * Lets clients in through a door.
 *
 *     const server = new DtlsServer(openDtlsDoor({ ...options, maxConnections: 100 }));
 *     server.on("stream", (stream) => stream.pipe(stream));
 *     const port = await server.listen(5684, "127.0.0.1");
 *
 * Events: "stream" with a DtlsStream as soon as a client has proven its address; "full" when there was no room for one.
 */
export class DtlsServer extends EventEmitter {
	readonly #door: DtlsDoor;
	readonly #loss: Loss | undefined;
	#socket: Socket | undefined;

	constructor(door: DtlsDoor, loss?: Loss) {
		super();
		this.#door = door;
		this.#loss = loss;
	}

	/** Listens; answers the port. */
	async listen(port: number, host: string): Promise<number> {
		const socket = createSocket({ type: host.includes(":") ? "udp6" : "udp4", recvBufferSize: 1 << 20 });
		this.#socket = socket;
		await new Promise<void>((resolve, reject) => {
			socket.once("error", reject);
			socket.bind(port, host, () => {
				socket.off("error", reject);
				resolve();
			});
		});
		socket.on("error", () => {}); // what can't be delivered is lost
		socket.on("message", (datagram, from) => this.#receive(datagram, from));
		return (socket.address() as AddressInfo).port;
	}

	close(): void {
		this.#socket?.close();
		this.#socket = undefined;
	}

	#receive(datagram: Buffer, { address, port }: RemoteInfo): void {
		const door = this.#door;
		const from = `${address} ${port}`;
		const route = door.route(performance.now(), datagram, 0, datagram.length, from);
		const { guest } = door;
		if (route === ROUTE_GUEST) (guest?.owner as DtlsStream | undefined)?.receive(datagram, from);
		else if (route === ROUTE_NEW && guest !== undefined) this.#welcome(guest, door.hello.slice(door.helloAt, door.helloEnd));
		else if (route === ROUTE_ANSWER || route === ROUTE_FULL) this.#send(door.answer.slice(0, door.answerLength), from);
		if (route === ROUTE_NEW || route === ROUTE_FULL) (door.replaced?.owner as DtlsStream | undefined)?.wake();
		if (route === ROUTE_FULL) this.emit("full");
	}

	#welcome(guest: Guest, hello: Uint8Array): void {
		const stream = new DtlsStream(guest.connection, {
			send: (datagram, to, tooLong) => this.#send(datagram, to ?? guest.address, tooLong),
			close: () => this.#door.remove(guest),
		});
		guest.owner = stream;
		stream.onMove = (address) => this.#door.move(guest, address);
		stream.receive(hello, guest.address);
		this.emit("stream", stream);
	}

	#send(datagram: Uint8Array, to: string, tooLong: () => void = () => {}): void {
		if (this.#socket === undefined) return;
		const [address, port] = to.split(" ");
		lossySend(this.#socket, this.#loss, Number(port), address)(datagram, tooLong);
	}
}
