// A TCP port of ECMA-419 as a listener that is polled, for device.ts.

import type { StreamListener, StreamTransport } from "polltls/os/os";
import type { ListenerConstructor, ListenerIo, StreamConstructor } from "./io-types.js";
import { TcpTransport } from "./tcp-transport.js";

/** Up to backlog connections wait; the next ones are closed before they cost memory. */
export class TcpListener implements StreamListener {
	readonly #io: ListenerIo;
	readonly #tcp: StreamConstructor;
	readonly #changed: () => void;
	#count = 0;
	closed = false;

	constructor(Listener: ListenerConstructor, Tcp: StreamConstructor, port: number, backlog: number, changed: () => void) {
		this.#tcp = Tcp;
		this.#changed = changed;
		this.#io = new Listener({
			port,
			onReadable: (count: number) => {
				for (; count > backlog; count--) this.#io.read()?.close();
				this.#count = count;
				changed();
			},
		});
	}

	get waiting(): boolean {
		return this.#count > 0;
	}

	accept(): StreamTransport | undefined {
		if (this.#count === 0) return undefined;
		this.#count--;
		const from = this.#io.read();
		return from && new TcpTransport(this.#tcp, { from }, this.#changed);
	}

	/** The port, where the system chose it. */
	get port(): number | undefined {
		return this.#io.port;
	}

	close(): void {
		this.#io.close();
		this.#count = 0;
		this.closed = true;
	}
}
