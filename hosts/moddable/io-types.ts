// What the sockets of ECMA-419 look like to us: the standard's methods and the SDK's, which the SDK's typings lack or
// tell otherwise. Types only.

/** Bytes as ECMA-419 means them: an ArrayBuffer, a Uint8Array, a DataView ... */
export type ByteBuffer = ArrayBufferLike | ArrayBufferView;

/** What a stream's constructor takes, besides what each kind of stream needs. */
export interface StreamOptions {
	/** An open stream to take over; it is closed for its former owner. */
	from?: StreamIo;
	/** Numeric. */
	address?: string;
	port?: number;
	nodelay?: boolean;
	onReadable?(count: number): void;
	onWritable?(count: number): void;
	onError?(error?: unknown): void;
	format?: "buffer" | "number";
	target?: unknown;
}

/** An open byte stream (ECMA-419 TCP socket). */
export interface StreamIo {
	/** Into a buffer not longer than what is readable, or a new ArrayBuffer. */
	read(into?: ByteBuffer | number): number | ArrayBuffer | undefined;
	/** All of it or an error: never more than is writable. Answers what is still writable. */
	write(bytes: ByteBuffer | number, options?: unknown): number | undefined;
	close(): void;
	format: string;
	readonly remoteAddress?: string;
	readonly remotePort?: number;
}
export type StreamConstructor = new (options: StreamOptions) => StreamIo;

/** A port that takes connections. */
export interface ListenerIo {
	read(): StreamIo | undefined;
	close(): void;
	readonly port?: number;
}
export type ListenerConstructor = new (options: {
	port?: number;
	address?: string;
	onReadable?(count: number): void;
	onError?(error?: unknown): void;
	target?: unknown;
}) => ListenerIo;

/** A UDP socket. */
export interface DatagramIo {
	/** The next datagram, with its sender; undefined: there is none. */
	read(): (ArrayBuffer & { address: string; port: number }) | undefined;
	/** Throws if it can't be sent. */
	write(bytes: ByteBuffer, address: string, port: number): void;
	close(): void;
}
export type DatagramConstructor = new (options: {
	/** Absent: any. */
	port?: number;
	onReadable?(count: number): void;
	onError?(error?: unknown): void;
}) => DatagramIo;
