// The SDK's WebSocket client on TLS: sends messages of several sizes to an echo and ends when all are back.

import { end, network, parameter, print } from "./support.js";

const SIZES = [5, 200, 1000];

interface Client {
	read(): ArrayBuffer;
	write(bytes: ArrayBuffer, options?: object): number;
	close(): void;
}

export function webSocketClient(): void {
	const wss = network("wss");
	const { text } = wss.io as unknown as Record<string, number>;
	let sent = 0;
	let received = "";
	new wss.io({
		...wss,
		host: "localhost",
		port: Number(parameter("PORT")),
		path: "/echo",
		onWritable(this: Client, count: number) {
			while (sent < SIZES.length && count > SIZES[sent] + 20) count = this.write(ArrayBuffer.fromString("abcde".repeat(SIZES[sent++] / 5)), { opcode: text });
		},
		onReadable(this: Client, _count: number, options: { more: boolean }) {
			received += String.fromArrayBuffer(this.read());
			if (options.more) return;
			print(`${received.length} characters`);
			if (received === "abcde".repeat(SIZES.reduce((sum, size) => sum + size) / 5)) end(0);
		},
		onClose() {
			print("closed");
			end(2);
		},
		onError() {
			print("error");
			end(2);
		},
	});
}
