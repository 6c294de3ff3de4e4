// The SDK's HTTPClient on TLS: as many requests as PATHS has, on one connection.

import { end, network, parameter, print } from "./support.js";

interface Request {
	read(count: number): ArrayBuffer;
	length: number;
	sum: number;
}

export function httpClient(): void {
	const https = network("https");
	const paths = parameter("PATHS").split(",");
	const http = new https.io({
		...https,
		host: "localhost",
		port: Number(parameter("PORT")),
		onError(error: unknown) {
			print(`error ${error}`);
			end(2);
		},
	}) as { request(options: object): Request };
	let left = paths.length;
	for (const path of paths) {
		const request = http.request({
			path,
			onHeaders(this: Request, status: number, headers: Map<string, string>) {
				print(`${path}: ${status} ${headers.get("content-type")}`);
				this.length = this.sum = 0;
			},
			onReadable(this: Request, count: number) {
				const bytes = new Uint8Array(this.read(count));
				this.length += bytes.length;
				for (const byte of bytes) this.sum = (this.sum * 31 + byte) >>> 0;
			},
			onDone(this: Request, error: unknown) {
				print(`${path}: ${error ?? "done"}, ${this.length} bytes, sum ${this.sum}`);
				if (--left === 0) end(error ? 3 : 0);
			},
		});
		request.length = 0;
	}
}
