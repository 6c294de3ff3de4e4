// What a host gives (the OS abstraction layer): types, and the numbers that they answer with. For tests and for a start
// os/in-memory and os/in-memory-network have one of each. Times of ticks are milliseconds of a clock that never
// goes back; places are [at, end) in the caller's own buffer, which the callee does not keep.

/** The device's clocks. */
export interface Clock {
	/** Milliseconds since some fixed moment; never goes back, may be fractional. */
	ticks(): number;
	/** Seconds since 1970-01-01 UTC, or -1 while the device doesn't know the time. */
	seconds(): number;
}

/** The hardware's or the operating system's random number generator; never a pseudo-random one. */
export interface Entropy {
	/** Fills [at, end) of bytes. Throws when there is no entropy: a start then answers INIT_ERR. */
	fill(bytes: Uint8Array, at: number, end: number): void;
}

/** Small named values that survive a restart (flash, preferences, a file). */
export interface Store {
	/** The value, or undefined if there is none. The array is the caller's. */
	get(name: string): Uint8Array | undefined;
	/** Writes all of it or throws. */
	set(name: string, value: Uint8Array): void;
	delete(name: string): void;
}

/** Log levels, most important first. */
export const LOG_ERROR = 0;
export const LOG_WARNING = 1;
export const LOG_INFO = 2;
export const LOG_DEBUG = 3;
export type Log = (level: number, text: string) => void;

/** Answers of a transport's read and write that are not counts. */
export const WOULD_BLOCK = 0;
export const TRANSPORT_CLOSED = -1;
export const TRANSPORT_FAILED = -2;
export const DATAGRAM_TOO_LONG = -3;

/**
 * A byte stream: TCP, serial, a modem's socket. It never blocks; one that does works for calls that wait for the peer anyway
 * (io/tls-socket), since nothing is read that isn't needed.
 */
export interface StreamTransport {
	/** Whether it is still being connected; absent on one that is connected from the beginning, or that can't tell. */
	readonly connecting?: boolean;
	/** Reads up to end - at bytes: their count, WOULD_BLOCK, TRANSPORT_CLOSED or TRANSPORT_FAILED; with no room it tells of failures only. */
	read(bytes: Uint8Array, at: number, end: number): number;
	/** Writes up to end - at bytes: the count that was taken, WOULD_BLOCK, TRANSPORT_CLOSED or TRANSPORT_FAILED. */
	write(bytes: Uint8Array, at: number, end: number): number;
	/** Gives the transport back; nothing is called afterwards. */
	close(): void;
}

// Options of sockets: what a wrapper passes down, and what hardware that does TLS itself wants to know
export const SOCKET_HOSTNAME = 1;
/** DER or PEM, one certificate a call. */
export const SOCKET_CA_CERT = 2;
export const SOCKET_CLIENT_CERT = 3;
/** PKCS#8. */
export const SOCKET_CLIENT_KEY = 4;
/** true: TLS begins now. */
export const SOCKET_ENABLE = 5;
/** Whether an earlier session was resumed. */
export const SOCKET_SESSION_RESUMED = 6;
/** Records to verify the peer by (pki/tlsa), before TLS begins. */
export const SOCKET_DANE_TLSA = 7;
/** The most data that one datagram carries: the path's MTU less what the suite that was agreed on adds. */
export const SOCKET_INNER_MTU = 8;
/** The connection ids of RFC 9146: ours, or none. */
export const SOCKET_CONNECTION_ID = 9;
export type SocketOption = string | number | boolean | Uint8Array | readonly unknown[] | undefined;

/** What a socket may have beside bytes; a wrapper passes it through. False: it doesn't do that. */
export interface SocketControls {
	setBlocking?(blocking: boolean): boolean;
	/** Milliseconds that a blocking call waits; -1: for ever. */
	setTimeout?(milliseconds: number): boolean;
	/** Called by the socket when something may have changed; undefined: no more. */
	sigio?(callback: (() => void) | undefined): boolean;
	setOption?(option: number, value: SocketOption): boolean;
	option?(option: number): SocketOption;
}

export type SocketTransport = StreamTransport & SocketControls;

// How far hardware is that does TLS itself
export const OFFLOAD_WORKING = 0;
export const OFFLOAD_SECURE = 1;
export const OFFLOAD_REFUSED = 2;

/** A socket whose own hardware does TLS (a modem): it takes the SOCKET_... options, and after SOCKET_ENABLE it tells how far it is. */
export interface OffloadTransport extends StreamTransport, SocketControls {
	setOption(option: number, value: SocketOption): boolean;
	/** OFFLOAD_... */
	readonly offload: number;
}

/** A TCP port that takes connections. */
export interface StreamListener {
	/** Whether a connection waits. */
	readonly waiting: boolean;
	/** The next connection that waits, or undefined. */
	accept(): StreamTransport | undefined;
	close(): void;
}

/** TCP as a host has it. */
export interface StreamNetwork {
	/** Takes connections on a port; up to backlog of them wait for accept. Throws if the port can't be had. */
	listen(port: number, backlog: number): StreamListener;
	/** Begins to connect; until it has come through, read and write answer WOULD_BLOCK. */
	connect(host: string, port: number): StreamTransport;
}

/**
 * A datagram socket that never blocks: UDP, SMS. Addresses are strings that the transport spells, each peer in one way
 * only: over IP "192.0.2.1 5684", over SMS a number.
 */
export interface DatagramTransport {
	/** The sender of the datagram that the last receive gave. */
	readonly from: string;
	/**
	 * Reads the next datagram: its length, WOULD_BLOCK if there is none, TRANSPORT_CLOSED or TRANSPORT_FAILED. One that doesn't
	 * fit into end - at bytes, or that is empty, is dropped.
	 */
	receive(bytes: Uint8Array, at: number, end: number): number;
	/**
	 * Sends a datagram, whole or not at all: its length, WOULD_BLOCK, TRANSPORT_CLOSED, TRANSPORT_FAILED: another try may succeed,
	 * or DATAGRAM_TOO_LONG: one that is as long will never get through.
	 */
	send(bytes: Uint8Array, at: number, end: number, to: string): number;
	/** Gives the transport back; nothing is called afterwards. */
	close(): void;
}

/** UDP as a host has it. */
export interface DatagramNetwork {
	/** Opens a port; 0 takes any. Throws if it can't be had. */
	open(port: number): DatagramTransport;
}

/** One alarm of the host. When it rings, the host calls poll on what it was made for; it rings once for each start. */
export interface Timer {
	/** Sets the alarm to a moment in ticks (Clock), in place of what it was set to; one that has passed rings as soon as can be. */
	start(at: number): void;
	/** Unsets it: it doesn't ring any more. */
	stop(): void;
}

/**
 * Keeps two that run at the same time (Workers that share memory, tasks, interrupts) from one thing. Without threads nobody
 * needs one. It isn't entered twice by the same: calls that answer nothing to callbacks are made outside.
 */
export interface Lock {
	/** Enters, or answers false at once because somebody is in: the call that needed it answers WAIT. */
	enter(): boolean;
	leave(): void;
}

/** Where fixed memory comes from: reserved at init, given back at delete (os/pool). */
export interface Memory {
	/** So many bytes, all 0, or undefined if there are not so many left. */
	reserve(length: number): Uint8Array | undefined;
	/** Takes back what reserve gave; its owner has overwritten secrets. */
	release(bytes: Uint8Array): void;
}

/** Gives blocks of memory that was reserved before. */
export interface BlockSource {
	/** How many blocks are left. */
	readonly free: number;
	/** A block of at least this length, or undefined. Who took it gives it back where it came from. */
	take(length: number): Uint8Array | undefined;
}

/** A device as a portable program sees it; each host has its own. */
export interface Device extends StreamNetwork {
	readonly clock: Clock;
	readonly entropy: Entropy;
	readonly store: Store;
	readonly log: Log;
}

/** A portable program: its host calls poll when something happened, and at the time that the last call answered. */
export interface Program {
	/** Does a bounded piece of work. Answers when to call again at the latest, in ticks: 0 at once, Infinity only if something happens. */
	poll(): number;
}
