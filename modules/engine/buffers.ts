// The memory of a connection: one array, cut into regions. Sizes come from a profile or from the configuration.

/** How much memory a connection reserves, in bytes. */
export interface BufferSizes {
	/** The longest record content that can be received. */
	readonly receive: number;
	/** The longest record content that is sent. */
	readonly send: number;
	/** Handshake store: the longest message of the peer that spans records. */
	readonly store: number;
	/** Flight store: what is written of the handshake and not yet in records. */
	readonly flight: number;
}

/** For the open web: records of any length. */
export const web: BufferSizes = Object.freeze({ receive: 16384, send: 4096, store: 8192, flight: 4096 });
/** For devices among devices: 2 KB records; the peer is told (record_size_limit). */
export const iot: BufferSizes = Object.freeze({ receive: 2048, send: 2048, store: 4096, flight: 2048 });

/** What a record adds to its content: header, explicit nonce or IV, MAC, padding, tag. */
const RECEIVE_EXTRA = 5 + 16 + 48 + 256;
const SEND_EXTRA = 5 + 16 + 48 + 16;
/** The reserve for an alert (record/tls-output). */
const ALERT_EXTRA = 128;

/** Where the regions of a connection's memory begin; each ends where the next begins. */
export class Layout {
	readonly inputAt = 0;
	readonly outputAt: number;
	readonly storeAt: number;
	readonly flightAt: number;
	/** The whole memory's size. */
	readonly size: number;

	constructor(sizes: BufferSizes) {
		this.outputAt = this.inputAt + sizes.receive + RECEIVE_EXTRA;
		this.storeAt = this.outputAt + sizes.send + SEND_EXTRA + ALERT_EXTRA;
		this.flightAt = this.storeAt + sizes.store;
		this.size = this.flightAt + sizes.flight;
	}
}
