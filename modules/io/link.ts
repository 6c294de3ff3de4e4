// What lies between a connection and its transport, whichever it is: bytes or datagrams carried both ways without
// blocking. Implemented by io/stream-link and io/datagram-link, used by io/channel. It holds what one side gave and the other
// didn't take yet, and nothing else.

import type { StreamTransport } from "../os/os.js";

/** The network's side of a connection (engine/connection). */
export interface NetworkDoors {
	networkIn(bytes: Uint8Array, at: number, end: number, from?: string): number;
	networkOut(bytes: Uint8Array, at: number, end: number): number;
	networkEnd(): void;
	/** Over datagrams: where the last one must go, if not to the peer's address; and that address, once it is proven. */
	readonly elsewhere?: string | undefined;
	readonly peerAddress?: string;
	/** Where a stream's bytes come and go without a copy between; is told of datagrams that are too long for the network. */
	readonly traffic?: {
		readonly input: { networkFrom?(stream: StreamTransport): number };
		readonly output: { networkTo?(stream: StreamTransport): number; lowerMtu(length: number): void };
	};
}

export interface Link {
	/** Gives the transport what the connection has for it, as far as it takes it; whether anything moved. */
	flush(connection: NetworkDoors): boolean;
	/** Gives the connection what the transport has, as far as there is room; whether anything moved. Called only when input is wanted. */
	fill(connection: NetworkDoors): boolean;
	/** Whether nothing waits here for the transport, and whether nothing waits here for the connection. */
	readonly drained: boolean;
	readonly empty: boolean;
	/** Whether the transport is still being connected. */
	readonly connecting: boolean;
	/** The transport takes no more. */
	readonly broken: boolean;
	/** Without a connection: bytes as they are, like a StreamTransport's. */
	read(bytes: Uint8Array, at: number, end: number): number;
	write(bytes: Uint8Array, at: number, end: number): number;
	/** Without a connection: whether it knows of something to be read. */
	look(): boolean;
}

/** How a channel gets hold of its transport. */
export interface Attachment {
	readonly isDatagram: boolean;
	/** The link for a connection that begins, or undefined: there is no memory for it. */
	attach(): Link | undefined;
	/** The connection has ended, or could not begin: gives the memory back. */
	release(): void;
	/** Gives the transport back, after release; nothing is called afterwards. */
	close(): void;
}
