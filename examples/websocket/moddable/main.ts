// Sends a text every few seconds and shows what comes back: the SDK's own WebSocket client on our TLS socket. On a device or
// in the SDK's simulator.

import Resource from "Resource";
import config from "mc/config";
import Timer from "timer";

interface Client {
	write(bytes: ArrayBuffer, options: object): number;
	read(): ArrayBuffer;
}
interface Entry {
	io: { new (options: object): Client; readonly text: number };
	socket: object;
}

export default function () {
	const { wss } = (globalThis as unknown as { device: { network: { wss: Entry } } }).device.network;
	// ca.pem, if the app has it; without it the SDK's certificates that the manifest names
	const tls = Resource.exists("ca.pem") ? { ca: new Uint8Array(new Resource("ca.pem") as unknown as ArrayBuffer) } : {};
	let timer: Timer | undefined;
	const stop = (why: string): void => {
		trace(`${why}\n`);
		if (timer !== undefined) Timer.clear(timer);
		timer = undefined;
	};
	new wss.io({
		...wss,
		host: config.host,
		port: config.port,
		path: config.path,
		socket: { ...wss.socket, tls },
		onWritable(this: Client) {
			let count = 0;
			timer ??= Timer.repeat(() => this.write(ArrayBuffer.fromString(`hello ${++count}`), { opcode: wss.io.text }), config.interval);
		},
		onReadable(this: Client, _count: number, { more }: { more: boolean }) {
			trace(String.fromArrayBuffer(this.read()), more ? "" : "\n");
		},
		onClose: () => stop("closed"),
		onError: (error?: unknown) => stop(`failed: ${error ?? "closed"}`),
	});
}
