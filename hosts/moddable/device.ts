// A device under Moddable as portable programs see it (os/os): its clocks, entropy and TCP. For run.ts and
// for an application's main module.

import Listener from "embedded:io/socket/listener";
import TCP from "embedded:io/socket/tcp";
// biome-ignore lint/style/useNodejsImportProtocol: the SDK's module of that name
import Net from "net";
import { type Device, LOG_INFO, LOG_WARNING, type Log, type Store, type StreamListener, type StreamTransport } from "polltls/os/os";
import { ModdableClock, type RealTimeClock } from "./clock.js";
import { nativeEntropy } from "./entropy.js";
import type { ListenerConstructor, StreamConstructor } from "./io-types.js";
import { TcpListener } from "./tcp-listener.js";
import { TcpTransport } from "./tcp-transport.js";

const Tcp = TCP as unknown as StreamConstructor;
const LEVELS: readonly string[] = Object.freeze(["error", "warning", "info", "debug"]);

export interface ModdableDeviceOptions {
	/** What survives a restart: store.ts has the SDK's preferences. */
	store: Store;
	/** An open embedded:RTC; by default the system's time counts. */
	rtc?: RealTimeClock;
	/** The least important level that is traced; LOG_WARNING if it isn't given. */
	logLevel?: number;
}

/**
 * The device. One program runs on it (run.ts), which is told of its sockets' news.
 *
 *     const device = new ModdableDevice({ store: new DeviceStore("polltls"), logLevel: LOG_INFO });
 *     runProgram(device, new HttpsDevice(device, deviceRegistry(), board, options));
 */
export class ModdableDevice implements Device {
	readonly clock: ModdableClock;
	readonly entropy = nativeEntropy;
	readonly store: Store;
	/** Called when a socket has news. */
	onChanged: (() => void) | undefined;
	/** Tells the program that a socket has news. */
	readonly changed = (): void => this.onChanged?.();
	readonly #logLevel: number;
	#listeners: TcpListener[] = [];

	constructor(options: ModdableDeviceOptions) {
		this.clock = new ModdableClock(options.rtc);
		this.store = options.store;
		this.#logLevel = options.logLevel ?? LOG_WARNING;
	}

	readonly log: Log = (level, text) => {
		if (level <= this.#logLevel) trace(`${LEVELS[level]}: ${text}\n`);
	};

	/** Port 0 is one that the system chooses; which one goes to the log. One that this program has is refused here: the SDK's listener for Linux doesn't survive it. */
	listen(port: number, backlog: number): StreamListener {
		this.#listeners = this.#listeners.filter(({ closed }) => !closed);
		if (this.#listeners.some((one) => one.port === port)) throw new Error(`port ${port} is taken`);
		const listener = new TcpListener(Listener as unknown as ListenerConstructor, Tcp, port, backlog, this.changed);
		if (port === 0) this.log(LOG_INFO, `port ${listener.port}`);
		this.#listeners.push(listener);
		return listener;
	}

	connect(host: string, port: number): StreamTransport {
		if (/^[0-9.]+$/.test(host)) return new TcpTransport(Tcp, { address: host, port, nodelay: true }, this.changed);
		const transport = new TcpTransport(Tcp, undefined, this.changed);
		Net.resolve(host, (_name, address) => {
			if (transport.ended) return; // closed meanwhile
			if (address) transport.open(Tcp, { address, port, nodelay: true }, this.changed);
			else transport.ended = true;
			this.changed();
		});
		return transport;
	}
}
