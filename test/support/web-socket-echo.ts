// A WebSocket server (RFC 6455) over TLS that sends every message back: for tests of WebSocket clients.

import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { createServer, type TLSSocket } from "node:tls";
import type { Identity } from "./pki.js";
import type { Ending } from "./processes.js";

const KEY_SUFFIX = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";

/** Answers its port. */
export function startWebSocketEcho(t: Ending, identity: Identity): Promise<number> {
	const server = createServer({ cert: readFileSync(identity.certificate), key: readFileSync(identity.key) }, (socket) => {
		let waiting: Buffer = Buffer.alloc(0);
		let open = false;
		socket.on("error", () => {});
		socket.on("data", (data: Buffer) => {
			waiting = Buffer.concat([waiting, data]);
			if (!open) {
				const end = waiting.indexOf("\r\n\r\n");
				if (end < 0) return;
				const key = /sec-websocket-key: *(\S+)/i.exec(waiting.toString("latin1", 0, end))?.[1] ?? "";
				const accept = createHash("sha1")
					.update(key + KEY_SUFFIX)
					.digest("base64");
				socket.write(`HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ${accept}\r\n\r\n`);
				waiting = waiting.subarray(end + 4);
				open = true;
			}
			waiting = echo(socket, waiting);
		});
	});
	t.after(() => void server.close());
	return new Promise((resolve) => {
		server.listen(0, "127.0.0.1", () => {
			const address = server.address();
			resolve(address && typeof address === "object" ? address.port : 0);
		});
	});
}

/** Sends back the whole frames; answers the rest. */
function echo(socket: TLSSocket, bytes: Buffer): Buffer {
	for (;;) {
		if (bytes.length < 2) return bytes;
		let length = bytes[1] & 127;
		let at = 2;
		if (length === 126) {
			if (bytes.length < 4) return bytes;
			length = bytes.readUInt16BE(2);
			at = 4;
		}
		if (bytes.length < at + 4 + length) return bytes;
		const mask = bytes.subarray(at, at + 4);
		const content = Buffer.from(bytes.subarray(at + 4, at + 4 + length));
		for (let i = 0; i < length; i++) content[i] ^= mask[i & 3];
		const head = length < 126 ? Buffer.of(bytes[0], length) : Buffer.of(bytes[0], 126, length >> 8, length);
		socket.write(Buffer.concat([head, content]));
		bytes = bytes.subarray(at + 4 + length);
	}
}
