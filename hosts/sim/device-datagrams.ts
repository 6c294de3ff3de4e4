// The device's side of its UDP ports: os/os over requests to the host. Runs in XS.

import { type DatagramTransport, WOULD_BLOCK } from "polltls/os/os";
import type { Handle, SimulatedDevice } from "./device.js";
import { HostCall } from "./host-call.js";
import { DATAGRAM_RECEIVE, DATAGRAM_SEND } from "./protocol.js";

/** One port. */
export class SimulatedDatagrams implements DatagramTransport {
	from = "";
	readonly #device: SimulatedDevice;
	readonly #handle: Handle;

	constructor(device: SimulatedDevice, handle: Handle) {
		this.#device = device;
		this.#handle = handle;
	}

	receive(bytes: Uint8Array, at: number, end: number): number {
		const handle = this.#handle;
		while (handle.readable > 0) {
			const call = new HostCall(DATAGRAM_RECEIVE, 2);
			call.u16(handle.number);
			const answer = call.issue();
			handle.readable--;
			const textEnd = 1 + answer[0];
			const length = answer.length - textEnd;
			if (answer[0] === 0 || length === 0 || length > end - at) continue;
			let from = "";
			for (let i = 1; i < textEnd; i++) from += String.fromCharCode(answer[i]);
			this.from = from;
			bytes.set(answer.subarray(textEnd), at);
			return length;
		}
		return WOULD_BLOCK;
	}

	send(bytes: Uint8Array, at: number, end: number, to: string): number {
		const call = new HostCall(DATAGRAM_SEND, 3 + to.length + end - at);
		call.u16(this.#handle.number);
		call.u8(to.length);
		for (let i = 0; i < to.length; i++) call.u8(to.charCodeAt(i));
		call.copy(bytes, at, end);
		call.issue();
		return end - at;
	}

	close(): void {
		this.#device.releaseDatagrams(this.#handle);
	}
}
