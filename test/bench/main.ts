// `npm run bench`: what the stack costs, as tables or, with --json, as one JSON object.

import { parseArgs } from "node:util";
import { describeMachine } from "./machine.js";
import type { Part } from "./part.js";
import { formatTable } from "./table.js";

/** What it can measure; each takes well under a minute. */
const parts: Record<string, () => Promise<Part>> = {
	handshake: async () => (await import("./handshake.js")).benchHandshake,
	states: async () => (await import("./states.js")).benchStates,
	records: async () => (await import("./records.js")).benchRecords,
	crypto: async () => (await import("./crypto.js")).benchCrypto,
	chains: async () => (await import("./chains.js")).benchChains,
	wire: async () => (await import("./wire.js")).benchWire,
	fleet: async () => (await import("./fleet.js")).benchFleet,
	moddable: async () => (await import("./moddable.js")).benchModdable,
};
const usual = ["handshake", "records"];

const usage = `npm run bench [-- PART...] [-- --json]
  handshake   full and resumed handshakes: in Node, with openssl over TCP, on XS
  states      what each state of a handshake costs on XS
  records     application data each way, by suite: in Node, on XS
  crypto      public-key arithmetic, hashes and record ciphers, by operation and provider
  chains      verification of certificates on XS, step by step
  wire        bytes of DTLS 1.3 handshakes and records, beside the IETF's comparison
  fleet       10, 100 and 1,000 devices at once over UDP against one server
  moddable    ours and the SDK's own TLS in one Moddable image
Without a PART: ${usual.join(", ")}. With MODDABLE set, Moddable images too.
`;

function fail(message: string): never {
	process.stderr.write(`bench: ${message}\n${usage}`);
	process.exit(2);
}

function wanted(): { names: string[]; json: boolean } {
	try {
		const { values, positionals } = parseArgs({ options: { json: { type: "boolean" } }, allowPositionals: true });
		const unknown = positionals.find((name) => !(name in parts));
		if (unknown !== undefined) return fail(`there is no ${unknown}`);
		return { names: positionals.length > 0 ? positionals : usual, json: values.json ?? false };
	} catch (error) {
		return fail((error as Error).message);
	}
}

/** Without openssl there are no certificates, without a C compiler no XS: the message says which. */
async function measure(name: string): ReturnType<Part> {
	try {
		const part = await parts[name]();
		return await part((text) => process.stderr.write(`... ${text}\n`));
	} catch (error) {
		process.stderr.write(`bench: ${name}: ${(error as Error).stack}\n`);
		process.exit(1);
	}
}

const { names, json } = wanted();
const machine = describeMachine();
const all: Record<string, unknown> = { machine };
if (!json) {
	const { date, machine: kind, node, openssl, source } = machine;
	process.stdout.write(`polltls ${source}, ${date}, ${kind}; Node ${node}, OpenSSL ${openssl}\nRatios hold from machine to machine, times do not.\n\n`);
}
for (const name of names) {
	const { figures, tables } = await measure(name);
	all[name] = figures;
	if (!json) for (const table of tables) process.stdout.write(`${formatTable(table)}\n`);
}
if (json) process.stdout.write(`${JSON.stringify(all)}\n`);
else process.stdout.write(`Again: npm run bench -- ${names.join(" ")}\n`);
