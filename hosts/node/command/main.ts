// The polltls command: try, debug, test a peer. See README and `polltls` without arguments.

import { failureName } from "polltls/base/failure-text";
import { runCert, runKeygen, runTrust } from "../command-cert.js";
import { FileError } from "../files.js";
import { OptionError } from "../plain-options.js";
import { runClient } from "./client.js";
import { type CommandOptions, clientCommand, serverCommand, UsageError } from "./options.js";
import { runServer } from "./server.js";
import { usage } from "./usage.js";

const IO_ERR = 9;
const USAGE = 2;

/** Whoever verifies nobody is told so, each time. */
function warned<T extends CommandOptions>(command: T): T {
	if (command.plain.insecure) process.stderr.write("polltls: --insecure: the peer is not verified, anybody can be it\n");
	return command;
}

async function run(args: string[]): Promise<number> {
	const [name, ...rest] = args;
	switch (name) {
		case "client":
			return runClient(warned(clientCommand(rest)));
		case "server":
			return runServer(warned(serverCommand(rest)));
		case "cert":
			return runCert(rest);
		case "keygen":
			return runKeygen(rest);
		case "trust":
			return runTrust(rest);
		case "help":
		case "--help":
			process.stdout.write(usage);
			return 0;
		default:
			process.stderr.write(usage);
			throw new UsageError(name === undefined ? "what is to be done?" : `"${name}" is not a command`);
	}
}

try {
	process.exitCode = await run(process.argv.slice(2));
	if (process.stdin.isTTY !== true) process.stdin.unref?.();
} catch (error) {
	const { message } = error as Error;
	const isUsage = error instanceof UsageError || error instanceof FileError || error instanceof RangeError || error instanceof TypeError;
	if (error instanceof OptionError) process.stderr.write(`polltls: ${message}: ${failureName(error.failure)}\n`);
	else process.stderr.write(`polltls: ${message}\n`);
	process.exit(isUsage || error instanceof OptionError ? USAGE : IO_ERR);
}
