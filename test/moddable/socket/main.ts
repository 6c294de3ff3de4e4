// An image with our TLS socket. JOB says what it does: rules, options, cycles or timer.

import { end, parameter, print } from "test/sdk/support";
import { cycles } from "./cycles.js";
import { options } from "./options.js";
import { rules } from "./rules.js";
import { runScenarios } from "./scenario.js";
import { timer } from "./timer.js";

const jobs: Record<string, () => Promise<number>> = { rules: () => runScenarios(rules), options: () => runScenarios(options), cycles, timer };

export default function () {
	jobs[parameter("JOB")]().then(
		(failures) => end(failures > 0 ? 1 : 0),
		(error) => {
			print(`failed: ${error}`);
			end(2);
		},
	);
}
