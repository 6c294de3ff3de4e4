// A bad network for the simulated device's datagrams: loss, repetition, reordering, corruption, delay, a largest datagram,
// and a peer whose address changes; the same for the same seed. For simulator.ts.

/** A datagram between the device and a peer. */
export interface CarriedDatagram {
	readonly toDevice: boolean;
	readonly bytes: Uint8Array;
}

/** One that arrives. */
export interface DatagramCopy {
	/** Milliseconds. */
	readonly delay: number;
	readonly bytes: Uint8Array;
	/** To the device: where it seems to come from, if not from where it does. What is sent there reaches the real sender. */
	readonly from?: string;
}

/** What becomes of a datagram: each copy of it that arrives. */
export type DatagramPlan = (datagram: CarriedDatagram) => readonly DatagramCopy[];

/** Shares are from 0 to 1. */
export interface Conditions {
	readonly loss?: number;
	readonly duplication?: number;
	/** Share of the datagrams that later ones overtake. */
	readonly reorder?: number;
	/** Share in which a bit is wrong: UDP's checksum usually catches that. */
	readonly corruption?: number;
	/** Longer datagrams are lost. */
	readonly mtu?: number;
	/** Milliseconds that each takes. */
	readonly delay?: number;
}

/** How much later one that is overtaken arrives, at the most. */
const LATE_MS = 100;

/**
 * The network.
 *
 *     const weather = new Weather(1, { loss: 0.2 });
 *     const device = await Simulator.start({ ...options, datagramPlan: weather.plan });
 *     weather.address = "192.0.2.7 4711";        // from now on the peer seems to be there
 */
export class Weather {
	/** Where datagrams to the device seem to come from; undefined: from where they do. */
	address: string | undefined = undefined;
	readonly plan: DatagramPlan = (datagram) => this.#copies(datagram);
	/** How many there were, and how many of them arrived not at all. */
	carried = 0;
	lost = 0;
	/** May change at any time. */
	conditions: Conditions;
	#state: number;

	constructor(seed: number, conditions: Conditions = {}) {
		this.conditions = conditions;
		this.#state = seed | 0;
	}

	#copies({ toDevice, bytes }: CarriedDatagram): DatagramCopy[] {
		const { loss = 0, duplication = 0, reorder = 0, corruption = 0, mtu = Number.POSITIVE_INFINITY, delay = 0 } = this.conditions;
		const copies: DatagramCopy[] = [];
		const count = this.#next() < duplication ? 2 : 1;
		for (let i = 0; i < count; i++) {
			if (this.#next() < loss || bytes.length > mtu) continue;
			const late = this.#next() < reorder ? 1 + Math.floor(this.#next() * LATE_MS) : 0;
			const arrived = this.#next() < corruption ? this.#spoiled(bytes) : bytes;
			copies.push({ delay: delay + late, bytes: arrived, from: toDevice ? this.address : undefined });
		}
		this.carried++;
		if (copies.length === 0) this.lost++;
		return copies;
	}

	#spoiled(bytes: Uint8Array): Uint8Array {
		const copy = bytes.slice();
		copy[Math.floor(this.#next() * copy.length)] ^= 1 << Math.floor(this.#next() * 8);
		return copy;
	}

	/** mulberry32: from 0 up to 1. */
	#next(): number {
		this.#state = (this.#state + 0x6d2b79f5) | 0;
		let t = Math.imul(this.#state ^ (this.#state >>> 15), 1 | this.#state);
		t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
		return ((t ^ (t >>> 14)) >>> 0) / 0x100000000;
	}
}
