// Protocol libraries of npm over the TLS socket in the place of a plain one, with no change of theirs: http-parser-js over a
// transport that blocks and one that doesn't, ws over a stream of Node.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createServer as createHttp } from "node:http";
import { createServer as createHttps } from "node:https";
import { createRequire } from "node:module";
import { type AddressInfo, connect } from "node:net";
import type { Duplex } from "node:stream";
import { type TestContext, test } from "node:test";
import { HTTPParser } from "http-parser-js";
import { CERTIFICATE_ISSUER_UNKNOWN } from "polltls/base/failure";
import { OPERATING } from "polltls/base/status";
import type { Stack } from "polltls/io/module";
import type { Security } from "polltls/io/security";
import { TlsSocket } from "polltls/io/tls-socket";
import { type Program, SOCKET_HOSTNAME, type SocketTransport, type StreamTransport } from "polltls/os/os";
import { startStack } from "../../examples/echo/stack.js";
import { bytesOf } from "../../examples/echo/text.js";
import { NodeClock } from "../../hosts/node/clock.js";
import { nodeEntropy } from "../../hosts/node/entropy.js";
import { PolledDevice } from "../../hosts/node/polled-device.js";
import { PolledStream } from "../../hosts/node/polled-streams.js";
import { nodeRegistry } from "../../hosts/node/registry.js";
import { TransportDuplex } from "../../hosts/node/transport-duplex.js";
import { BlockingStream } from "../support/blocking-stream.js";
import { requirePeer } from "../support/peers.js";
import { makePki } from "../support/pki.js";
import { freePort, listening, start } from "../support/processes.js";

const pki = makePki();
const clock = new NodeClock();

function stackAndTrust(ca = pki.ca): [Stack, Security] {
	const stack = startStack({ clock, entropy: nodeEntropy, log: () => {} }, nodeRegistry("node"), { dtls: false, receiveBufferSize: 16384 });
	const security = stack.createSecurity() as Security;
	security.setRootCaCert(readFileSync(ca, "utf8"));
	return [stack, security];
}

/** A socket that begins by itself, like a plain one. */
function secured(transport: SocketTransport, ca = pki.ca): TlsSocket {
	const [stack, trust] = stackAndTrust(ca);
	const socket = new TlsSocket(stack, transport, trust);
	socket.setOption(SOCKET_HOSTNAME, "localhost");
	return socket;
}

/** Gets a page over any byte stream: the library parses, nothing here knows of TLS. */
class HttpGet implements Program {
	status = 0;
	body = "";
	done = false;
	polls = 0;
	readonly #transport: StreamTransport;
	readonly #request = bytesOf("GET / HTTP/1.0\r\nHost: localhost\r\n\r\n");
	readonly #parser = new HTTPParser(HTTPParser.RESPONSE);
	readonly #buffer = Buffer.alloc(1024);
	#sent = 0;

	constructor(transport: StreamTransport) {
		this.#transport = transport;
		this.#parser[HTTPParser.kOnHeadersComplete] = ({ statusCode }) => {
			this.status = statusCode;
		};
		this.#parser[HTTPParser.kOnBody] = (bytes, at, length) => {
			this.body += bytes.toString("latin1", at, at + length);
		};
	}

	poll(): number {
		this.polls++;
		if (this.#sent < this.#request.length) {
			const count = this.#transport.write(this.#request, this.#sent, this.#request.length);
			if (count < 0) this.done = true;
			else this.#sent += count;
			return 0;
		}
		const count = this.#transport.read(this.#buffer, 0, this.#buffer.length);
		if (count > 0) this.#parser.execute(this.#buffer.subarray(0, count));
		else if (count < 0) {
			this.#parser.finish();
			this.#transport.close();
			this.done = true;
		}
		return 0;
	}
}

/** openssl's page about the connection. */
async function startWeb(t: TestContext): Promise<number | undefined> {
	const openssl = requirePeer(t, "openssl");
	if (!openssl) return undefined;
	const port = await freePort();
	const program = start(t, openssl.path, ["s_server", "-accept", `127.0.0.1:${port}`, "-cert", pki.ec.certificate, "-key", pki.ec.key, "-www"]);
	await listening(port, program);
	return port;
}

test("http-parser-js over a transport that doesn't block", async (t) => {
	const port = await startWeb(t);
	if (port === undefined) return;
	const device = new PolledDevice();
	const get = new HttpGet(secured(device.connect("127.0.0.1", port)));
	await device.run(get, () => get.done);
	assert.equal(get.status, 200);
	assert.match(get.body, /TLSv1\.3[\s\S]*<\/html>/i);
});

test("http-parser-js over a transport that blocks", async (t) => {
	const port = await startWeb(t);
	if (port === undefined) return;
	const transport = new BlockingStream(port);
	const socket = secured(transport);
	assert.equal(socket.setBlocking(true), true);
	const get = new HttpGet(socket);
	get.poll();
	assert.equal(socket.state, OPERATING, "one write, and the whole handshake is done");
	while (!get.done) get.poll();
	assert.equal(get.status, 200);
	assert.match(get.body, /TLSv1\.3[\s\S]*<\/html>/i);
	assert.ok(get.polls < 30, `${get.polls} polls: each call has waited until it had something`);
});

test("http-parser-js over a transport that blocks, up to a time-out", async (t) => {
	const port = await startWeb(t);
	if (port === undefined) return;
	const transport = new BlockingStream(port);
	const socket = secured(transport);
	assert.equal(socket.setBlocking(true) && socket.setTimeout(1), true);
	const get = new HttpGet(socket);
	while (!get.done) get.poll();
	assert.equal(get.status, 200);
	assert.match(get.body, /<\/html>/i);
});

test("a server that isn't trusted: the library sees a connection that fails", async (t) => {
	const port = await startWeb(t);
	if (port === undefined) return;
	const socket = secured(new BlockingStream(port), pki.otherCa);
	socket.setBlocking(true);
	const get = new HttpGet(socket);
	while (!get.done) get.poll();
	assert.deepEqual([get.status, get.body], [0, ""]);
	assert.equal(socket.outcome.failure, CERTIFICATE_ISSUER_UNKNOWN);
	socket.close();
});

interface WebSocketLibrary {
	new (
		url: string,
		options: { createConnection: () => Duplex },
	): { on(event: string, listener: (data: Buffer) => void): unknown; send(text: string): void; close(): void };
	Server: new (options: {
		server: unknown;
	}) => { on(event: "connection", listener: (peer: { on(event: string, listener: (data: Buffer) => void): void; send(data: string): void }) => void): unknown };
}
const WebSocket = createRequire(import.meta.url)("ws") as WebSocketLibrary;

/** The library's own client over any stream. */
function talk(stream: Duplex, lines: readonly string[]): Promise<string[]> {
	return new Promise((resolve, reject) => {
		const client = new WebSocket("ws://localhost/", { createConnection: () => stream });
		const got: string[] = [];
		client.on("open", () => {
			for (const line of lines) client.send(line);
		});
		client.on("message", (data) => {
			if (got.push(String(data)) === lines.length) client.close();
		});
		client.on("close", () => resolve(got));
		client.on("error", reject as () => void);
	});
}

test("ws over a stream of Node: plain, and secured", async (t) => {
	const tls = createHttps({ cert: readFileSync(pki.ec.certificate), key: readFileSync(pki.ec.key) });
	const lines = ["hello", "a longer message. ".repeat(3000), "bye"];
	for (const server of [createHttp(), tls]) {
		new WebSocket.Server({ server }).on("connection", (peer) => peer.on("message", (data) => peer.send(String(data))));
		await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
		t.after(() => void server.close());
		const plain = new PolledStream(connect((server.address() as AddressInfo).port, "127.0.0.1"));
		const socket = secured(plain);
		const stream = server === tls ? new TransportDuplex(socket, clock, () => socket.outcome.wakeAt) : new TransportDuplex(plain, clock);
		assert.deepEqual(await talk(stream, lines), lines);
	}
});
