// Publishes a reading every few seconds and shows what comes under the same topics: the SDK's own MQTT client on our TLS
// socket. On a device or in the SDK's simulator.

import Resource from "Resource";
import config from "mc/config";
import Timer from "timer";

interface Client {
	write(bytes: ArrayBuffer | null, options: object): number;
	read(count: number): ArrayBuffer;
}
interface Entry {
	io: { new (options: object): Client; readonly CONNACK: number; readonly SUBSCRIBE: number; readonly SUBACK: number };
	socket: object;
}

export default function () {
	const { mqtts } = (globalThis as unknown as { device: { network: { mqtts: Entry } } }).device.network;
	const { CONNACK, SUBSCRIBE, SUBACK } = mqtts.io;
	// ca.pem, if the app has it; without it the SDK's certificates that the manifest names
	const tls = Resource.exists("ca.pem") ? { ca: new Uint8Array(new Resource("ca.pem") as unknown as ArrayBuffer) } : {};
	const topic: string = config.topic;
	let timer: Timer | undefined;
	new mqtts.io({
		...mqtts,
		host: config.host,
		port: config.port,
		id: config.id,
		keepalive: 60_000,
		socket: { ...mqtts.socket, tls },
		onControl(this: Client, { operation }: { operation: number }) {
			if (operation === CONNACK) this.write(null, { operation: SUBSCRIBE, items: [{ topic: `${topic}/#`, QoS: 0 }] });
			if (operation !== SUBACK || timer !== undefined) return;
			let count = 0;
			timer = Timer.repeat(() => {
				const reading = ArrayBuffer.fromString(`reading ${++count}`);
				this.write(reading, { topic: `${topic}/reading`, QoS: 0, byteLength: reading.byteLength });
			}, config.interval);
		},
		onReadable(this: Client, count: number, { topic: from }: { topic?: string }) {
			trace(`${from ?? "..."}: ${String.fromArrayBuffer(this.read(count))}\n`);
		},
		onError(error?: unknown) {
			trace(`failed: ${error ?? "closed"}\n`);
			if (timer !== undefined) Timer.clear(timer);
		},
	});
}
