// The SDK's HTTPServer on a TLS listener: GET answers with the request's path and how often it was asked, PUT with its body.

import HTTPServer from "embedded:network/http/server";
import { TlsListener } from "polltls/moddable/tls-listener";
import { fileOf, parameter, print } from "./support.js";

interface Request {
	read(count: number): ArrayBuffer;
	write(bytes: ArrayBuffer): number;
	path: string;
	body: string;
	answer: Uint8Array;
	at: number;
}

export function httpServer(): void {
	let count = 0;
	const route = {
		onRequest(this: Request, request: { method: string; path: string }) {
			this.path = request.path;
			this.body = "";
		},
		onReadable(this: Request, available: number) {
			this.body += String.fromArrayBuffer(this.read(available));
		},
		onResponse(this: Request & { respond(response: object): void }, response: { headers: Map<string, string> }) {
			const filler = this.path.startsWith("/large") ? "0123456789abcde\n".repeat(4000) : "";
			this.answer = new Uint8Array(ArrayBuffer.fromString(`${this.path} ${++count} ${this.body}\n${filler}`));
			this.at = 0;
			response.headers.set("content-type", "text/plain");
			response.headers.set("content-length", String(this.answer.length));
			this.respond(response);
		},
		onWritable(this: Request, writable: number) {
			const end = Math.min(this.at + writable, this.answer.length);
			const piece = this.answer.slice(this.at, end);
			this.at = end;
			this.write(piece.buffer as ArrayBuffer);
		},
		onError(error: unknown) {
			print(`connection: ${error}`);
		},
	};
	const server = new HTTPServer({
		io: TlsListener.with({ certificate: fileOf("CERTIFICATE"), key: fileOf("KEY") }, Number(parameter("LIMIT"))),
		port: 0,
		onConnect(connection: { accept(route: object): void }) {
			connection.accept(route);
		},
	});
	print(`port ${server.port}`);
}
