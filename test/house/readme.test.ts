// The README's TypeScript is what a newcomer copies: it must compile against what is there.

import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { projectRoot } from "./sources.js";

const BLOCK = /^```ts\n(.*?)^```/gms;

/** What the blocks take for granted: where names come from, and what is the reader's own. */
const imports: Record<string, string> = {
	"node:fs": "readFileSync",
	"polltls/base/status": "OK, WAIT",
	"polltls/io/native-connection": "ConnectionInfo, type NativeConnection, START",
	"polltls/io/native-tcp": "NativeTcp",
	"polltls/io/notifications": "DATA_READY, HANDSHAKE_DONE, HANDSHAKE_FAILED",
	"polltls/io/security": "type Security",
	"polltls/io/tls-socket": "TlsSocket",
	"polltls/os/os": "type Clock, type Entropy, SOCKET_HOSTNAME, type StreamTransport",
	"polltls/pki/trust": "TrustStore",
	"polltls/tls-client": "openTlsClient",
	"../../examples/echo/stack.js": "startStack",
	"../../hosts/node/clock.js": "NodeClock",
	"../../hosts/node/entropy.js": "nodeEntropy",
	"../../hosts/node/polled-device.js": "PolledDevice",
	"../../hosts/node/registry.js": "nodeRegistry",
	"../../hosts/node/tls-stream.js": "TlsStream",
};
const readers = `
declare const bytes: Uint8Array, request: Uint8Array, buffer: Uint8Array, transport: StreamTransport, clock: Clock, entropy: Entropy;
declare function send(bytes: Uint8Array, count: number): void;
declare function receive(bytes: Uint8Array): number;
declare function use(bytes: Uint8Array, count: number): void;
declare function sleepUntil(ticks: number): void;
declare function report(...what: unknown[]): void;
`;
/** What one block takes from another, or from the text above it. */
const given: Record<string, string> = {
	registry: 'const registry = nodeRegistry("node");',
	trust: "const trust = new TrustStore();",
	device: "const device = new PolledDevice();",
	stack: 'const stack = startStack(new PolledDevice(), nodeRegistry("node"));',
	security: "const security = stack.createSecurity() as Security;",
	sent: "let sent = 0;",
};

/** A module of a block: it defines itself what it has, and is given the rest. */
function moduleOf(block: string): string {
	const own = (name: string): boolean => new RegExp(`(?:const|let) ${name}\\b`).test(block);
	const heads = Object.entries(imports).map(([from, names]) => {
		const missing = names.split(", ").filter((name) => !new RegExp(`^import .*\\b${name.replace("type ", "")}\\b`, "m").test(block));
		return missing.length > 0 ? `import { ${missing.join(", ")} } from "${from}";` : "";
	});
	const parts = Object.entries(given).map(([name, line]) => (own(name) ? "" : line));
	return [...heads, readers, ...parts, block].join("\n");
}

test("the README's examples compile", () => {
	const folder = join(projectRoot, "build/readme");
	rmSync(folder, { recursive: true, force: true });
	mkdirSync(folder, { recursive: true });
	const blocks = [...readFileSync(join(projectRoot, "README.md"), "utf8").matchAll(BLOCK)];
	assert.ok(blocks.length >= 4, `${blocks.length} blocks`);
	for (const [i, [, block]] of blocks.entries()) writeFileSync(join(folder, `block${i}.ts`), moduleOf(block));
	const config = { extends: "../../tsconfig.json", compilerOptions: { noUnusedLocals: false }, include: ["*.ts"], exclude: [] };
	writeFileSync(join(folder, "tsconfig.json"), JSON.stringify(config));
	const { status, stdout } = spawnSync("npx", ["tsc", "-p", folder], { cwd: projectRoot, encoding: "utf8" });
	assert.equal(status, 0, stdout);
});
