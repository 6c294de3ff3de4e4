// An image with the SDK's own clients and servers, unchanged, on our sockets. JOB says which one runs.

import { httpClient } from "./http-client.js";
import { httpServer } from "./http-server.js";
import { mqttClient } from "./mqtt-client.js";
import { end, parameter, print } from "./support.js";
import { webSocketClient } from "./web-socket-client.js";

const jobs: Record<string, () => void> = { httpClient, httpServer, mqttClient, webSocketClient };

export default function () {
	try {
		jobs[parameter("JOB")]();
	} catch (error) {
		print(`failed: ${error}`);
		end(1);
	}
}
