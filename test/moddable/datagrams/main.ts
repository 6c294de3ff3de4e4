// An image with our DTLS sockets. JOB says what it does: client, coap, hello, server or cycles.

import { end, parameter, print } from "test/sdk/support";
import { runScenarios } from "test/socket/scenario";
import { client } from "./client.js";
import { coap } from "./coap.js";
import { cycles } from "./cycles.js";
import { sayHello } from "./peers.js";
import { server } from "./server.js";

const jobs: Record<string, () => Promise<number>> = { client: () => runScenarios(client), coap: () => runScenarios(coap), hello: sayHello, server, cycles };

export default function () {
	jobs[parameter("JOB")]().then(
		(failures) => end(failures > 0 ? 1 : 0),
		(error) => {
			print(`failed: ${error}`);
			end(2);
		},
	);
}
