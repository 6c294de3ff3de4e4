// Reads a page: the SDK's own HTTP client on our TLS socket. On a device or in the SDK's simulator.

import Resource from "Resource";
import config from "mc/config";
import TextDecoder from "text/decoder";

interface Request {
	read(count: number): ArrayBuffer;
}
interface Client {
	io: new (options: object) => { request(options: object): void; close(): void };
	socket: object;
}

export default function () {
	const { https } = (globalThis as unknown as { device: { network: { https: Client } } }).device.network;
	// ca.pem, if the app has it; without it the SDK's certificates that the manifest names
	const tls = Resource.exists("ca.pem") ? { ca: new Uint8Array(new Resource("ca.pem") as unknown as ArrayBuffer) } : {};
	const client = new https.io({
		...https,
		host: config.host,
		port: config.port,
		socket: { ...https.socket, tls },
		onError: (error?: unknown) => trace(`failed: ${error ?? "closed"}\n`),
	});
	const decoder = new TextDecoder();
	client.request({
		path: config.path,
		headers: new Map([["user-agent", "polltls"]]),
		onHeaders: (status: number) => trace(`status ${status}\n`),
		onReadable(this: Request, count: number) {
			trace(decoder.decode(this.read(count), { stream: true }));
		},
		onDone(error?: unknown) {
			trace(error ? `\nfailed: ${error}\n` : "\ndone\n");
			client.close();
		},
	});
}
