// The SDK's MQTT client on TLS: subscribes, publishes a small and a large message to itself, and ends when both have come.

import { end, network, parameter, print } from "./support.js";

const LARGE = 16 * 1024;

interface Client {
	read(count: number): ArrayBuffer;
	write(bytes: ArrayBuffer | null, options?: object): number;
	close(): void;
}

export function mqttClient(): void {
	const mqtts = network("mqtts");
	const { SUBSCRIBE, CONNACK, SUBACK } = mqtts.io as unknown as Record<string, number>;
	let left = 0;
	let received = 0;
	new mqtts.io({
		...mqtts,
		host: "localhost",
		port: Number(parameter("PORT")),
		id: "polltls",
		keepalive: 60_000,
		onControl(this: Client, message: { operation: number }) {
			if (message.operation === CONNACK) this.write(null, { operation: SUBSCRIBE, items: [{ topic: "polltls/+", QoS: 1 }] });
			if (message.operation !== SUBACK) return;
			print("subscribed");
			this.write(ArrayBuffer.fromString("a small one"), { topic: "polltls/small", QoS: 1 });
			this.write(ArrayBuffer.fromString("large:"), { topic: "polltls/large", byteLength: 6 + LARGE, QoS: 1 });
			left = LARGE;
		},
		onWritable(this: Client, count: number) {
			if (left === 0) return;
			const size = Math.min(count, left);
			left -= size;
			this.write(ArrayBuffer.fromString("x".repeat(size)));
		},
		onReadable(this: Client, count: number, options: { topic?: string }) {
			if (options.topic) print(`topic ${options.topic}`);
			received += this.read(count).byteLength;
			if (received === 11 + 6 + LARGE) {
				print(`${received} bytes`);
				this.close();
				end(0);
			}
		},
		onError() {
			print("error");
			end(2);
		},
	});
}
