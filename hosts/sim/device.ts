// The device's side of the simulator: the os interfaces over requests to the host, and the door through which the
// host calls. Runs in XS. The program on it is the same that a device's firmware starts.

import {
	type Clock,
	type DatagramNetwork,
	type DatagramTransport,
	type Device,
	type Entropy,
	type Log,
	type Program,
	type Store,
	type StreamListener,
	type StreamTransport,
	TRANSPORT_CLOSED,
	TRANSPORT_FAILED,
	WOULD_BLOCK,
} from "polltls/os/os";
import { SimulatedDatagrams } from "./device-datagrams.js";
import { HostCall, spent } from "./host-call.js";
import {
	ACCEPT,
	ACCEPTABLE,
	CONNECT,
	DATAGRAM_CLOSE,
	DATAGRAM_OPEN,
	ENDED,
	ENTROPY,
	ENTRY_LENGTH,
	FAILED,
	LISTEN,
	LOG,
	NOTE,
	POLL,
	POLL_HEAD_LENGTH,
	REPORT,
	SOCKET_CLOSE,
	SOCKET_READ,
	SOCKET_WRITE,
	START,
	STORE_DELETE,
	STORE_READ,
	STORE_WRITE,
	TELL,
	WINDOW,
} from "./protocol.js";

declare const performance: { now(): number };

/** What the host last told of a handle. */
export class Handle {
	readonly number: number;
	flags = 0;
	readable = 0;
	writable = 0;

	constructor(number: number) {
		this.number = number;
	}
}

class SimulatedClock implements Clock {
	#ticks = 0;
	#seconds = -1;
	#at = 0;
	/** Time stands still within a call: for runs that must be repeatable. */
	frozen = false;

	set(ticks: number, seconds: number): void {
		this.#ticks = ticks;
		this.#seconds = seconds;
		this.#at = performance.now();
	}
	ticks(): number {
		return this.frozen ? this.#ticks : this.#ticks + performance.now() - this.#at;
	}
	seconds(): number {
		return this.#seconds;
	}
}

export class SimulatedEntropy implements Entropy {
	fill(bytes: Uint8Array, at: number, end: number): void {
		const call = new HostCall(ENTROPY, 2);
		call.u16(end - at);
		bytes.set(call.issue(), at);
	}
}

export class SimulatedStore implements Store {
	get(name: string): Uint8Array | undefined {
		const answer = this.call(STORE_READ, name);
		return answer[0] === 1 ? answer.subarray(1) : undefined;
	}
	set(name: string, value: Uint8Array): void {
		const text = encode(name);
		const call = new HostCall(STORE_WRITE, 1 + text.length + value.length);
		call.u8(text.length);
		call.copy(text, 0, text.length);
		call.copy(value, 0, value.length);
		call.issue();
	}
	delete(name: string): void {
		this.call(STORE_DELETE, name);
	}

	private call(operation: number, name: string): Uint8Array {
		const text = encode(name);
		const call = new HostCall(operation, text.length);
		call.copy(text, 0, text.length);
		return call.issue();
	}
}

class SimulatedTransport implements StreamTransport {
	readonly #device: SimulatedDevice;
	readonly #handle: Handle;

	constructor(device: SimulatedDevice, handle: Handle) {
		this.#device = device;
		this.#handle = handle;
	}

	read(bytes: Uint8Array, at: number, end: number): number {
		const handle = this.#handle;
		const limit = Math.min(handle.readable, end - at);
		if (limit <= 0) {
			if (handle.readable > 0) return WOULD_BLOCK; // no room given
			return handle.flags & FAILED ? TRANSPORT_FAILED : handle.flags & ENDED ? TRANSPORT_CLOSED : WOULD_BLOCK;
		}
		const call = new HostCall(SOCKET_READ, 4);
		call.u16(handle.number);
		call.u16(limit);
		bytes.set(call.issue(), at);
		handle.readable -= limit;
		return limit;
	}

	write(bytes: Uint8Array, at: number, end: number): number {
		const handle = this.#handle;
		if (handle.flags & FAILED) return TRANSPORT_FAILED;
		const count = Math.min(handle.writable, end - at);
		if (count <= 0) return WOULD_BLOCK;
		const call = new HostCall(SOCKET_WRITE, 2 + count);
		call.u16(handle.number);
		call.copy(bytes, at, at + count);
		call.issue();
		handle.writable -= count;
		return count;
	}

	close(): void {
		this.#device.release(this.#handle);
	}
}

class SimulatedListener implements StreamListener {
	readonly #device: SimulatedDevice;
	readonly #handle: Handle;

	constructor(device: SimulatedDevice, handle: Handle) {
		this.#device = device;
		this.#handle = handle;
	}

	get waiting(): boolean {
		return (this.#handle.flags & ACCEPTABLE) !== 0;
	}

	accept(): StreamTransport | undefined {
		if (!this.waiting) return undefined;
		const call = new HostCall(ACCEPT, 2);
		call.u16(this.#handle.number);
		const answer = call.issue();
		const number = numberOf(answer);
		this.#handle.flags = answer[2] === 1 ? ACCEPTABLE : 0;
		if (number === 0) return undefined;
		const handle = this.#device.handle(number);
		handle.writable = WINDOW; // nothing has been sent on it
		return new SimulatedTransport(this.#device, handle);
	}

	close(): void {
		this.#device.release(this.#handle);
	}
}

/** The os interfaces of the simulated device, and the figures that only its host knows. */
export class SimulatedDevice implements Device, DatagramNetwork {
	readonly clock: SimulatedClock = new SimulatedClock();
	readonly entropy: Entropy = new SimulatedEntropy();
	readonly store: Store = new SimulatedStore();
	/** Bytes of heap in use when the host last measured, and their peak. */
	heapUsed = 0;
	heapPeak = 0;
	readonly #handles: Handle[] = [];

	readonly log: Log = (level, text) => {
		const bytes = encode(text);
		const call = new HostCall(LOG, 1 + bytes.length);
		call.u8(level);
		call.copy(bytes, 0, bytes.length);
		call.issue();
	};

	listen(port: number, backlog: number): StreamListener {
		const call = new HostCall(LISTEN, 3);
		call.u16(port);
		call.u8(backlog);
		const answer = call.issue();
		if (numberOf(answer) === 0) throw new Error(decode(answer.subarray(2)));
		return new SimulatedListener(this, this.handle(numberOf(answer)));
	}

	connect(host: string, port: number): StreamTransport {
		const text = encode(host);
		const call = new HostCall(CONNECT, 2 + text.length);
		call.u16(port);
		call.copy(text, 0, text.length);
		return new SimulatedTransport(this, this.handle(numberOf(call.issue())));
	}

	/** Opens a UDP port. */
	open(port: number): DatagramTransport {
		const call = new HostCall(DATAGRAM_OPEN, 2);
		call.u16(port);
		const answer = call.issue();
		if (numberOf(answer) === 0) throw new Error(decode(answer.subarray(2)));
		return new SimulatedDatagrams(this, this.handle(numberOf(answer)));
	}

	/** A stream that the host has made: its number comes with TELL. */
	stream(number: number): StreamTransport {
		return new SimulatedTransport(this, this.handle(number));
	}

	/** Tells the host something (a JSON value). */
	note(value: unknown): void {
		const bytes = encode(JSON.stringify(value));
		const call = new HostCall(NOTE, bytes.length);
		call.copy(bytes, 0, bytes.length);
		call.issue();
	}

	/** The handle with this number, made if it's new. */
	handle(number: number): Handle {
		for (const handle of this.#handles) if (handle.number === number) return handle;
		const handle = new Handle(number);
		this.#handles.push(handle);
		return handle;
	}

	release(handle: Handle): void {
		const index = this.#handles.indexOf(handle);
		if (index < 0) return;
		this.#handles.splice(index, 1);
		const call = new HostCall(SOCKET_CLOSE, 2);
		call.u16(handle.number);
		call.issue();
	}

	/** The same for a UDP port. */
	releaseDatagrams(handle: Handle): void {
		const index = this.#handles.indexOf(handle);
		if (index < 0) return;
		this.#handles.splice(index, 1);
		const call = new HostCall(DATAGRAM_CLOSE, 2);
		call.u16(handle.number);
		call.issue();
	}

	/** Takes what the host tells with POLL. */
	tell(command: ArrayBuffer): void {
		const view = new DataView(command);
		this.clock.set(view.getFloat64(1), view.getFloat64(9));
		this.heapUsed = view.getUint32(17);
		this.heapPeak = view.getUint32(21);
		for (let at = POLL_HEAD_LENGTH; at < view.byteLength; at += ENTRY_LENGTH) {
			const number = view.getUint16(at);
			for (const handle of this.#handles) {
				if (handle.number !== number) continue;
				handle.flags = view.getUint8(at + 2);
				handle.readable = view.getUint16(at + 3);
				handle.writable = view.getUint16(at + 5);
			}
		}
	}
}

/** A program that can also tell about itself, and be told something: values for JSON. */
export interface ReportingProgram extends Program {
	report?(): unknown;
	tell?(value: unknown): unknown;
}

/**
 * Opens the host's door; the main module of a bundle for the simulator calls it once.
 *
 *     runOnDevice((device, config) => new Echo(device, config as EchoConfig));
 */
export function runOnDevice(begin: (device: SimulatedDevice, config: unknown) => ReportingProgram): void {
	const device = new SimulatedDevice();
	let program: ReportingProgram | undefined;
	const answer = new DataView(new ArrayBuffer(24));
	const poll = (command: ArrayBuffer): ArrayBuffer => {
		const start = performance.now();
		spent.milliseconds = 0;
		device.tell(command);
		const wakeAt = program ? program.poll() : Number.POSITIVE_INFINITY;
		answer.setFloat64(0, wakeAt);
		answer.setFloat64(8, performance.now() - start);
		answer.setFloat64(16, spent.milliseconds);
		return answer.buffer;
	};
	(globalThis as { handleCommand?: unknown }).handleCommand = (command: ArrayBuffer): ArrayBuffer => {
		const bytes = new Uint8Array(command);
		switch (bytes[0]) {
			case POLL:
				return poll(command);
			case START: {
				const { frozen, ticks, seconds, config } = JSON.parse(decode(bytes.subarray(1)));
				device.clock.frozen = frozen;
				device.clock.set(ticks, seconds);
				program = begin(device, config);
				return new ArrayBuffer(0);
			}
			case REPORT:
				return encode(JSON.stringify(program?.report?.() ?? null)).buffer as ArrayBuffer;
			case TELL:
				return encode(JSON.stringify(program?.tell?.(JSON.parse(decode(bytes.subarray(1)))) ?? null)).buffer as ArrayBuffer;
			default:
				throw new RangeError(`there is no command ${bytes[0]}`);
		}
	};
}

function numberOf(answer: Uint8Array): number {
	return (answer[0] << 8) | answer[1];
}

declare const TextEncoder: new () => { encode(text: string): Uint8Array };
declare const TextDecoder: new () => { decode(bytes: Uint8Array): string };

function encode(text: string): Uint8Array {
	return new TextEncoder().encode(text);
}
function decode(bytes: Uint8Array): string {
	return new TextDecoder().decode(bytes);
}
