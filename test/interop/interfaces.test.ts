// The interfaces with openssl's server where only a real peer proves it: a transport that gives one byte at a time, and
// another handshake at the server's time with a second connection in between.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { type TestContext, test } from "node:test";
import { CERTIFICATE_EXPIRED } from "polltls/base/failure";
import { OK, OPERATING, WAIT, WANTS_WORK } from "polltls/base/status";
import type { Stack } from "polltls/io/module";
import { ConnectionInfo, START } from "polltls/io/native-connection";
import { NativeTcp } from "polltls/io/native-tcp";
import { HANDSHAKE_DONE, TX_RDY } from "polltls/io/notifications";
import type { Security } from "polltls/io/security";
import { TlsSocket } from "polltls/io/tls-socket";
import type { StreamTransport } from "polltls/os/os";
import { VERIFY_EXPIRED } from "polltls/pki/verify-result";
import { TLS_1_2 } from "polltls/wire/registry";
import { startStack } from "../../examples/echo/stack.js";
import { EchoClient } from "../../examples/echo/tls-socket-polled.js";
import { PolledDevice } from "../../hosts/node/polled-device.js";
import { nodeRegistry } from "../../hosts/node/registry.js";
import { requirePeer } from "../support/peers.js";
import { makePki } from "../support/pki.js";
import { freePort, start } from "../support/processes.js";

const pki = makePki();
const CENTURY = 36525 * 86400;

async function startOpenssl(t: TestContext, ...args: string[]): Promise<number | undefined> {
	const openssl = requirePeer(t, "openssl");
	if (!openssl) return undefined;
	const port = await freePort();
	const program = start(t, openssl.path, ["s_server", "-accept", `127.0.0.1:${port}`, "-cert", pki.ec.certificate, "-key", pki.ec.key, ...args]);
	await program.waitFor(/ACCEPT/);
	return port;
}

function trusting(device: PolledDevice, maximumVersion?: number): [Stack, Security] {
	const stack = startStack(device, nodeRegistry("node"), { maxConnections: 2, dtls: false, receiveBufferSize: 16384 });
	const security = stack.createSecurity() as Security;
	assert.equal(security.setRootCaCert(readFileSync(pki.ca, "utf8")), OK);
	if (maximumVersion !== undefined) assert.equal(security.setOptions({ maximumVersion }), OK);
	return [stack, security];
}

/** Calls until it answers something else than WAIT; in between Node moves bytes. */
async function wait(call: () => number): Promise<number> {
	const limit = Date.now() + 20000;
	for (let code = call(); ; code = call()) {
		if (code !== WAIT) return code;
		if (Date.now() > limit) throw new Error("it hangs");
		await new Promise((resolve) => setImmediate(resolve));
	}
}

/** One byte a call, and nothing every second time. */
class Dripping implements StreamTransport {
	readonly #transport: StreamTransport;
	#turn = 0;
	constructor(transport: StreamTransport) {
		this.#transport = transport;
	}
	get connecting(): boolean {
		return this.#transport.connecting ?? false;
	}
	read(bytes: Uint8Array, at: number, end: number): number {
		return ++this.#turn % 2 === 0 ? 0 : this.#transport.read(bytes, at, Math.min(end, at + 1));
	}
	write(bytes: Uint8Array, at: number, end: number): number {
		return ++this.#turn % 2 === 0 ? 0 : this.#transport.write(bytes, at, Math.min(end, at + 1));
	}
	close(): void {
		this.#transport.close();
	}
}

for (const version of ["-tls1_3", "-tls1_2"])
	test(`one byte at a time, by calls and by notifications, ${version}`, async (t) => {
		const port = await startOpenssl(t, "-rev", version);
		if (port === undefined) return;
		const device = new PolledDevice();
		const [stack, security] = trusting(device);
		const client = new EchoClient(stack, new Dripping(device.connect("127.0.0.1", port)), security, "localhost", "a line\n");
		await device.run(client, () => client.done);
		assert.deepEqual([client.failure, client.echo], [0, "enil a\n"]);
		const told: number[] = [];
		const tcp = new NativeTcp(stack, device, security);
		const info = new ConnectionInfo((_, notification) => void told.push(notification), START, "localhost");
		assert.equal(tcp.start(new Dripping(device.connect("127.0.0.1", port)), info), OK);
		await wait(() => {
			stack.poll();
			return info.connection?.state === OPERATING ? OK : WAIT;
		});
		stack.poll();
		assert.deepEqual(told, [TX_RDY, HANDSHAKE_DONE]);
		assert.equal(stack.stop(), OK);
		device.close();
	});

test("another handshake at the server's time; a second connection in between goes by the device's", async (t) => {
	const port = await startOpenssl(t, "-tls1_2", "-client_renegotiation");
	const other = await startOpenssl(t, "-rev");
	if (port === undefined || other === undefined) return;
	const device = new PolledDevice();
	const [stack, security] = trusting(device, TLS_1_2);
	const socket = new TlsSocket(stack, device.connect("127.0.0.1", port), security);
	assert.equal(await wait(() => socket.clientHandshake("localhost")), OK);
	const now = device.clock.seconds();
	assert.equal(await wait(() => socket.renegotiate(now + 60)), OK, `failure ${socket.outcome.failure >> 16}`);
	assert.equal(await wait(() => socket.renegotiate()), OK, "at the device's own time");
	let code = socket.renegotiate(now + CENTURY);
	assert.equal(code, WAIT);
	const second = new TlsSocket(stack, device.connect("127.0.0.1", other), security);
	assert.equal(await wait(() => second.clientHandshake("localhost")), OK, "it isn't a century later for this one");
	assert.equal(second.verifyResult, 0);
	code = await wait(() => socket.renegotiate(now + CENTURY));
	assert.deepEqual([socket.outcome.failure, socket.verifyResult & VERIFY_EXPIRED], [CERTIFICATE_EXPIRED, VERIFY_EXPIRED], `code ${code}`);
	assert.ok(device.clock.seconds() - now < 60, "the device's time is what it was");
	assert.equal(socket.outcome.wants & WANTS_WORK, 0);
	for (const one of [socket, second]) await wait(() => one.close());
	device.close();
});
