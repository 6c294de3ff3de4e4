// A TLS server on Node that talks as tests of clients need it: it sends back what comes, and more by request.

import { readFileSync } from "node:fs";
import { createServer, type TLSSocket } from "node:tls";
import type { Pki } from "./pki.js";
import type { Ending } from "./processes.js";

/**
 * Answers its port. What comes goes back; but "#" and a line end ask for JSON about the connection; "bye!" comes back
 * and ends it, "cut!" breaks it; and "?" asks for all last words that were ever said.
 */
export function startTalkingServer(t: Ending, pki: Pki): Promise<number> {
	let lastWords = "";
	const options = {
		cert: readFileSync(pki.ec.certificate),
		key: readFileSync(pki.ec.key),
		ca: readFileSync(pki.ca),
		requestCert: true,
		rejectUnauthorized: false,
		ALPNProtocols: ["two"],
	};
	const server = createServer(options, (socket) => {
		socket.on("error", () => {});
		socket.on("data", (data: Buffer) => {
			const text = data.toString("latin1");
			if (text.startsWith("last words")) lastWords += text;
			if (text === "#\n") socket.write(`${JSON.stringify(describe(socket))}\n`);
			else if (text === "?") socket.write(`${lastWords}?`);
			else if (text === "cut!") socket.destroy();
			else if (text === "bye!") socket.end(data);
			else socket.write(data);
		});
	});
	server.on("tlsClientError", () => {});
	t.after(() => void server.close());
	return new Promise((resolve) => {
		server.listen(0, "127.0.0.1", () => {
			const address = server.address();
			resolve(address && typeof address === "object" ? address.port : 0);
		});
	});
}

function describe(socket: TLSSocket): object {
	const client = socket.authorized ? (socket.getPeerCertificate().subject?.CN ?? "") : "";
	return { version: socket.getProtocol(), alpn: socket.alpnProtocol || "", client, resumed: socket.isSessionReused() };
}
