// Proves a port: whether what a host gives (modules/os/os.ts) keeps its contracts, from its clock to a handshake over its
// own network. For whoever brings polltls to another host; it runs there, and imports nothing of any host.

import type { Registry } from "polltls/crypto/registry";
import type { DatagramNetwork, Device, Lock, Memory, Program, Timer } from "polltls/os/os";
import { cryptoCases } from "./crypto-cases.js";
import { datagramChecks } from "./host/datagrams.js";
import { handshakeChecks } from "./host/handshakes.js";
import { serviceChecks } from "./host/services.js";
import { streamChecks } from "./host/streams.js";

/** What a host gives, and where it reaches itself. */
export interface HostUnderTest {
	/** Clock, entropy, store, log and TCP. */
	readonly device: Device;
	/** The algorithms that the host registers. The suite's certificates need SHA-256, X25519 or P-256, and ECDSA with P-256. */
	readonly registry: Registry;
	/** How the device reaches itself ("127.0.0.1"), and ports that are free there: one for TCP, one for UDP. */
	readonly address: string;
	readonly streamPort: number;
	readonly datagramPort: number;
	// What a host need not have; its checks are left out then, and the findings say so
	/** UDP. */
	readonly datagrams?: DatagramNetwork;
	/** Makes a timer whose alarm calls `alarm`. */
	readonly createTimer?: (alarm: () => void) => Timer;
	readonly createLock?: () => Lock;
	readonly memory?: Memory;
	/** Checks that fail by a fault of what the host stands on: their names, and what the fault is. */
	readonly faults?: Readonly<Record<string, string>>;
}

/** One check: steps until it is done. What it yields is when it wants to be called again, as Program.poll answers it. It throws what is wrong. */
export type Check = (host: HostUnderTest) => Generator<number, void>;
/** Checks by name, or why one is left out. */
export type Checks = Readonly<Record<string, Check | string>>;

/** What one check has found. */
export interface Finding {
	readonly name: string;
	/** "" if it is well. */
	readonly failure: string;
	/** Why it was left out; "" if it wasn't. */
	readonly skipped: string;
}

/**
 * The suite as a program of the host that it tests.
 *
 *     const suite = runHostSuite({ device, registry, address: "127.0.0.1", streamPort: 4433, datagramPort: 5684, datagrams: device });
 *     run(suite);                                    // as the host runs any Program, until suite.done
 *     for (const line of suite.lines()) print(line); // "ok - clock: ticks never go back", ...
 *     if (!suite.passed) ...
 */
export function runHostSuite(host: HostUnderTest): HostSuite {
	return new HostSuite(host);
}

/** See runHostSuite. Run it again after a restart: then the store must still have what the first run wrote. */
export class HostSuite implements Program {
	readonly findings: Finding[] = [];
	done = false;
	/** Which run this is, as the host's store says: 1, and more if it survives a restart. */
	run = 0;
	readonly #host: HostUnderTest;
	readonly #checks: [string, Check][] = [];
	#running: Generator<number, void> | undefined = undefined;

	constructor(host: HostUnderTest) {
		this.#host = host;
		const { device, registry, faults = {} } = host;
		this.run = (device.store.get(RUNS)?.[0] ?? 0) + 1;
		device.store.set(RUNS, Uint8Array.of(this.run));
		for (const checks of [serviceChecks(host), streamChecks, datagramChecks(host), handshakeChecks(host)])
			for (const name of Object.keys(checks)) {
				const check = faults[name] ?? checks[name];
				if (typeof check !== "string") this.#checks.push([name, check]);
				else this.findings.push({ name, failure: "", skipped: check });
			}
		const cases = cryptoCases(registry);
		for (const name of Object.keys(cases)) this.#checks.push([`algorithms: ${name}`, once(cases[name])]);
	}

	get passed(): boolean {
		return this.done && this.findings.every(({ failure }) => failure === "");
	}

	poll(): number {
		const [next] = this.#checks;
		if (next === undefined) {
			this.done = true;
			return Number.POSITIVE_INFINITY;
		}
		let failure = "";
		try {
			this.#running ??= next[1](this.#host);
			const { done, value } = this.#running.next();
			if (!done) return value;
		} catch (error) {
			failure = String(error);
		}
		this.#running = undefined;
		this.#checks.shift();
		this.findings.push({ name: next[0], failure, skipped: "" });
		if (this.#checks.length === 0) this.done = true;
		return 0;
	}

	/** A line for each finding. */
	lines(): string[] {
		return this.findings.map(({ name, failure, skipped }) => {
			if (skipped !== "") return `ok - ${name} # SKIP ${skipped}`;
			return failure === "" ? `ok - ${name}` : `not ok - ${name}: ${failure}`;
		});
	}
}

const RUNS = "host-suite";

/** A check without steps. */
function once(check: () => void): Check {
	return function* () {
		check();
		yield 0;
	};
}
