// `polltls cert`, `polltls keygen` and `polltls trust`: keys and certificates made, shown and verified.

import { codeOf } from "polltls/base/failure";
import { failureName } from "polltls/base/failure-text";
import { CertificateError, type Output } from "./certificates/files.js";
import { runIssue, runRequest, runSelf } from "./certificates/issue.js";
import { generateKey } from "./certificates/keygen.js";
import { runShow } from "./certificates/show.js";
import { runTrust as askTrust, runBundle } from "./certificates/trust.js";
import { runVerify } from "./certificates/verify.js";
import { UsageError } from "./command/options.js";

const streams: Output = {
	out: (text) => void process.stdout.write(text),
	err: (text) => void process.stderr.write(text),
};

/** What a file or a field can't be used for is said by name; the exit code is the failure's. */
async function answer(output: Output, run: () => number | Promise<number>): Promise<number> {
	try {
		return await run();
	} catch (error) {
		if (!(error instanceof CertificateError)) throw error;
		output.err(`polltls: ${failureName(error.failure)}: ${error.message}\n`);
		return codeOf(error.failure);
	}
}

/** The sub-commands of `polltls cert`; the arguments are those behind "cert". Answers the exit code. */
export async function runCert(args: string[], output = streams): Promise<number> {
	const [name, ...rest] = args;
	switch (name) {
		case "verify":
			return answer(output, () => runVerify(rest, output));
		case "show":
			return answer(output, () => runShow(rest, output));
		case "self":
			return answer(output, () => runSelf(rest, output));
		case "request":
			return answer(output, () => runRequest(rest, output));
		case "issue":
			return answer(output, () => runIssue(rest, output));
		case "bundle":
			return answer(output, () => runBundle(rest, output));
		default:
			throw new UsageError(name === undefined ? "cert: self, request, issue, show, verify or bundle?" : `cert: "${name}" is not a command`);
	}
}

/** `polltls keygen`: a fresh private key. Answers the exit code. */
export async function runKeygen(args: string[], output = streams): Promise<number> {
	return answer(output, () => generateKey(args, output));
}

/** `polltls trust HOST:PORT`: which anchor a device needs. Answers the exit code. */
export async function runTrust(args: string[], output = streams): Promise<number> {
	return answer(output, () => askTrust(args, output));
}
