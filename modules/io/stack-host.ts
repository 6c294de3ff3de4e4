// What a stack stands on: the host's services, and the entry points that the program links. For io/module.

import type { ClientOptions, ServerOptions } from "../engine/config.js";
import type { Connection } from "../engine/connection.js";
import type { Clock, Entropy, Lock, Log, Memory, Timer } from "../os/os.js";
import type { DtlsDoor } from "./dtls-door.js";

/** What connections over datagrams have beside other options; the entry points know them. */
export interface DatagramOptions {
	readonly mtu?: number;
	readonly retransmitInitial?: number;
	readonly retransmitMax?: number;
	readonly messageRetries?: number;
	readonly connectionIdLength?: number;
	readonly maxConnections?: number;
	readonly cookies?: boolean;
}

/** Entry points; what isn't named here isn't linked, and what needs it answers INIT_ERR. */
export interface Linked {
	readonly openTlsClient?: (options: ClientOptions) => Connection;
	readonly openTlsServer?: (options: ServerOptions) => Connection;
	readonly openDtlsClient?: (options: ClientOptions & DatagramOptions) => Connection;
	/** For a transport that has one peer only. */
	readonly openDtlsServer?: (options: ServerOptions & DatagramOptions) => Connection;
	/** For a port with many clients. */
	readonly openDtlsDoor?: (options: ServerOptions & DatagramOptions) => DtlsDoor;
}

/** A host. */
export interface StackHost {
	readonly clock: Clock;
	readonly entropy: Entropy;
	readonly linked: Linked;
	/** Told what happens, by level; by default nobody. */
	readonly log?: Log;
	/** Where the pools come from; by default the heap. */
	readonly memory?: Memory;
	/** Set to the next moment at which Stack.poll is needed; its alarm is to call it. */
	readonly timer?: Timer;
	/** Makes a lock: init takes two, for the stack and for its connections. By default there are no threads. */
	readonly createLock?: () => Lock;
}

/** Where there are no threads. */
export const noLock: Lock = Object.freeze({
	enter(): boolean {
		return true;
	},
	leave(): void {},
});
