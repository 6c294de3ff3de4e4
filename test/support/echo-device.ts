// A small program for the simulator's own tests: echoes what it gets on as many connections as it has room for, and
// misbehaves where a test asks for it.

import type { Device, StreamListener, StreamTransport } from "polltls/os/os";
import { LOG_INFO, TRANSPORT_CLOSED, TRANSPORT_FAILED } from "polltls/os/os";
import { type ReportingProgram, runOnDevice } from "../../hosts/sim/device.js";

export interface EchoConfig {
	port: number;
	pool?: number;
	backlog?: number;
	/** Bytes that each connection holds. */
	room?: number;
	/** Connects there instead of listening, and sends this text. */
	connect?: { host: string; port: number; text: string };
	/** Bytes that are kept from each poll on. */
	leak?: number;
	/** Never returns from a poll. */
	loop?: boolean;
	throwAt?: number;
	/** Milliseconds until a poll wants to be called again. */
	every?: number;
}

interface Line {
	transport: StreamTransport;
	bytes: Uint8Array;
	at: number;
	end: number;
	ended: boolean;
}

class Echo implements ReportingProgram {
	readonly #device: Device;
	readonly #config: EchoConfig;
	readonly #listener: StreamListener | undefined;
	readonly #lines: Line[] = [];
	readonly #leaked: Uint8Array[] = [];
	#polls = 0;
	#ticks: number[] = [];

	constructor(device: Device, config: EchoConfig) {
		this.#device = device;
		this.#config = config;
		const starts = device.store.get("starts")?.[0] ?? 0;
		device.store.set("starts", Uint8Array.of(starts + 1));
		device.log(LOG_INFO, `start ${starts + 1}`);
		if (config.connect) {
			const line = this.#open(device.connect(config.connect.host, config.connect.port));
			for (const letter of config.connect.text) line.bytes[line.end++] = letter.charCodeAt(0);
		} else this.#listener = device.listen(config.port, config.backlog ?? 2);
	}

	poll(): number {
		const { pool = 2, leak, loop, throwAt, every } = this.#config;
		this.#polls++;
		this.#ticks = [this.#ticks[1] ?? -1, this.#device.clock.ticks()];
		while (loop) this.#polls++;
		if (this.#polls === throwAt) throw new Error("asked to throw");
		if (leak !== undefined) this.#leaked.push(new Uint8Array(leak));
		while (this.#listener && this.#lines.length < pool) {
			const transport = this.#listener.accept();
			if (!transport) break;
			this.#open(transport);
		}
		const open = this.#lines.length;
		for (const line of [...this.#lines]) this.#pump(line);
		return leak !== undefined || this.#lines.length < open ? 0 : every !== undefined ? this.#device.clock.ticks() + every : Number.POSITIVE_INFINITY;
	}

	report(): unknown {
		return { polls: this.#polls, lines: this.#lines.length, ticks: this.#ticks, seconds: this.#device.clock.seconds() };
	}

	#open(transport: StreamTransport): Line {
		const line = { transport, bytes: new Uint8Array(this.#config.room ?? 1000), at: 0, end: 0, ended: false };
		this.#lines.push(line);
		return line;
	}

	#pump(line: Line): void {
		for (;;) {
			if (line.at < line.end) {
				const written = line.transport.write(line.bytes, line.at, line.end);
				if (written === 0) return;
				if (written < 0) break;
				line.at += written;
				continue;
			}
			if (line.ended) break;
			const count = line.transport.read(line.bytes, 0, line.bytes.length);
			if (count === 0) return;
			if (count === TRANSPORT_FAILED) break;
			line.ended = count === TRANSPORT_CLOSED;
			line.at = 0;
			line.end = Math.max(0, count);
		}
		line.transport.close();
		this.#lines.splice(this.#lines.indexOf(line), 1);
	}
}

runOnDevice((device, config) => new Echo(device, config as EchoConfig));
