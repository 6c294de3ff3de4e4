// An image with the SDK's older clients, unchanged, on our SecureSocket. JOB says which one runs.

// biome-ignore lint/style/useNodejsImportProtocol: the SDK's module of that name
import { Request } from "http";
import Mqtt from "mqtt";
import SecureSocket from "securesocket";
import { end, fileOf, parameter, print } from "test/sdk/support";
import { Client } from "websocket";

const server = () => ({
	...(parameter("NAME") ? { host: parameter("NAME") } : { host: "localhost", address: "127.0.0.1" }),
	port: Number(parameter("PORT")),
	Socket: SecureSocket,
	secure: { certificate: fileOf("CA"), protocolVersion: 0x303 },
});

function httpGet(): void {
	const request = new Request({ ...server(), path: parameter("PATH_ASKED"), response: String });
	request.callback = (message: number, value: unknown, etc?: unknown) => {
		if (message === Request.status) print(`status ${value}`);
		else if (message === Request.header) print(`${value}: ${etc}`);
		else if (message === Request.responseComplete) {
			print(`${String(value).length} characters`);
			end(0);
		} else if (message < 0) {
			print(`error ${message}`);
			end(2);
		}
		return undefined;
	};
}

function mqtt(): void {
	const Base: new (dictionary: object) => { subscribe(topic: string): void; publish(topic: string, body: string): void } = Mqtt;
	class Session extends Base {
		onReady(): void {
			this.subscribe("polltls/#");
			this.publish("polltls/hello", "from SecureSocket");
		}
		onMessage(topic: string, body: ArrayBuffer): void {
			print(`${topic} ${String.fromArrayBuffer(body)}`);
			end(0);
		}
		onClose(): void {
			print("closed");
			end(2);
		}
	}
	new Session({ ...server(), id: "polltls" });
}

function webSocket(): void {
	const client = new Client({ ...server(), path: "/echo" });
	client.callback = (message: number, value: unknown) => {
		if (message === Client.handshake) client.write("a text");
		else if (message === Client.receive) {
			print(String(value));
			end(value === "a text" ? 0 : 3);
		} else if (message === Client.disconnect) {
			print("closed");
			end(2);
		}
	};
}

const jobs: Record<string, () => void> = { httpGet, mqtt, webSocket };

export default function () {
	jobs[parameter("JOB")]();
}
