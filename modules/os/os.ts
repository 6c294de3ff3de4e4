// What a host gives (the OS abstraction layer). Types only. Times of ticks are milliseconds of a clock that never
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

/** A byte stream that never blocks: TCP, serial, a modem's socket. */
export interface StreamTransport {
	/** Reads up to end - at bytes: their count, WOULD_BLOCK, TRANSPORT_CLOSED or TRANSPORT_FAILED. */
	read(bytes: Uint8Array, at: number, end: number): number;
	/** Writes up to end - at bytes: the count that was taken, WOULD_BLOCK, TRANSPORT_CLOSED or TRANSPORT_FAILED. */
	write(bytes: Uint8Array, at: number, end: number): number;
	/** Gives the transport back; nothing is called afterwards. */
	close(): void;
}

/** A TCP port that takes connections. */
export interface StreamListener {
	/** Whether a connection waits. */
	readonly waiting: boolean;
	/** The next connection that waits, or undefined. */
	accept(): StreamTransport | undefined;
	close(): void;
}

/** A device as a portable program sees it; each host has its own. */
export interface Device {
	readonly clock: Clock;
	readonly entropy: Entropy;
	readonly store: Store;
	readonly log: Log;
	/** Takes connections on a port; up to backlog of them wait for accept. Throws if the port can't be had. */
	listen(port: number, backlog: number): StreamListener;
	/** Begins to connect; until it has come through, read and write answer WOULD_BLOCK. */
	connect(host: string, port: number): StreamTransport;
}

/** A portable program: its host calls poll when something happened, and at the time that the last call answered. */
export interface Program {
	/** Does a bounded piece of work. Answers when to call again at the latest, in ticks: 0 at once, Infinity only if something happens. */
	poll(): number;
}
