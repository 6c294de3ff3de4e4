// A reporter for node:test that writes one JSON object a line to the file named in TEST_EVENTS, for test/run.mjs.
// What the tests print themselves goes to stdout and stderr as it is.

import { appendFileSync } from "node:fs";
import { inspect } from "node:util";

/** The cause of a failed test, as text for people. */
function reasonOf(error) {
	const cause = error?.cause ?? error;
	if (cause === undefined) return "";
	if (typeof cause?.stack === "string") return cause.stack.replace(/\n +at .*\(?node:internal\/.*/g, "");
	return typeof cause === "string" ? cause : inspect(cause);
}

export default async function* reporter(events) {
	const say = (row) => appendFileSync(process.env.TEST_EVENTS, `${JSON.stringify(row)}\n`);
	for await (const { type, data } of events) {
		if (type === "test:stdout" || type === "test:stderr") yield data.message;
		else if (type === "test:dequeue") say({ kind: "begin", name: data.name });
		else if (type === "test:pass" || type === "test:fail") {
			const error = data.details?.error;
			say({
				kind: type === "test:pass" ? "pass" : "fail",
				name: data.name,
				suite: data.details?.type === "suite",
				skip: data.skip === undefined ? undefined : typeof data.skip === "string" && data.skip !== "" ? data.skip : "no reason given",
				todo: data.todo !== undefined,
				below: error?.failureType === "subtestsFailed",
				reason: type === "test:fail" ? reasonOf(error) : undefined,
			});
		}
	}
}
