// The native interfaces of TCP and UDP side by side: every call with every code in each state, notifications once and in
// order and none after close, buffers, waiting for connections.

import {
	BUFFERS_EXHAUSTED,
	CERTIFICATE_ISSUER_UNKNOWN,
	CONNECTIONS_EXHAUSTED,
	NOBODY_THERE,
	PORT_IN_USE,
	PORT_REFUSED,
	PORTS_EXHAUSTED,
	TRANSPORT_ENDED,
} from "polltls/base/failure";
import {
	CLOSED,
	DTLS_CONNECT_ERR,
	FULL_ERR,
	HANDSHAKE,
	HS_ERR,
	INIT_ERR,
	IO_ERR,
	MEM_ERR,
	NOT_FOUND_ERR,
	NULL_PTR_ERR,
	OK,
	OPERATING,
	PARAM_ERR,
	TIMEOUT_ERR,
	VERIFY_ERR,
	WAIT,
} from "polltls/base/status";
import type { Configuration } from "polltls/io/configuration";
import { Stack } from "polltls/io/module";
import { ConnectionInfo, type NativeConnection, START, VERIFY } from "polltls/io/native-connection";
import { NativeTcp } from "polltls/io/native-tcp";
import { NativeUdp } from "polltls/io/native-udp";
import { DATA_READY, DTLS_TIMEOUT, HANDSHAKE_DONE, HANDSHAKE_FAILED, HANDSHAKE_TIMEOUT, TX_RDY } from "polltls/io/notifications";
import type { Ticket } from "polltls/io/tickets";
import { TlsSocket } from "polltls/io/tls-socket";
import { CountingLock } from "polltls/os/in-memory";
import { MemoryDatagramNetwork, MemoryStreamNetwork, streamPair } from "polltls/os/in-memory-network";
import { TLS_1_2 } from "polltls/wire/registry";
import { bytesOf, equal, NOW, textOf, World } from "./harness.js";

const world = new World();
const TCP = "tcp";
const UDP = "udp";
type Kind = typeof TCP | typeof UDP;
const kinds: readonly Kind[] = [TCP, UDP];

interface SceneOptions {
	kind: Kind;
	client?: Partial<Configuration>;
	server?: Partial<Configuration>;
}

/** A client's and a server's stack with native interfaces, and what they were told. */
class Scene {
	readonly kind: Kind;
	readonly clientStack: Stack;
	readonly serverStack: Stack;
	readonly streams = new MemoryStreamNetwork();
	readonly datagrams = new MemoryDatagramNetwork();
	readonly clientTcp: NativeTcp;
	readonly serverTcp: NativeTcp;
	readonly clientUdp: NativeUdp;
	readonly serverUdp: NativeUdp;
	/** "client 20000" */
	readonly told: string[] = [];

	constructor({ kind, client = {}, server = {} }: SceneOptions) {
		this.kind = kind;
		this.clientStack = world.stack({ maxConnections: 2, ...client });
		this.serverStack = world.stack({ maxConnections: 2, ...server });
		const trust = world.trust(this.clientStack);
		const credentials = world.credentials(this.serverStack);
		this.clientTcp = new NativeTcp(this.clientStack, this.streams, trust);
		this.serverTcp = new NativeTcp(this.serverStack, this.streams, credentials);
		this.clientUdp = new NativeUdp(this.clientStack, this.datagrams, trust);
		this.serverUdp = new NativeUdp(this.serverStack, this.datagrams, credentials);
		if (kind === UDP && this.serverStack.configuration.dtls) equal(this.serverUdp.serverOpen(1000, new ConnectionInfo()), OK);
	}

	info(name: string, flags = 0, peerName = ""): ConnectionInfo {
		return new ConnectionInfo((_, notification) => void this.told.push(`${name} ${notification.toString(16)}`), flags, peerName);
	}
	connect(info: ConnectionInfo, ticket?: Ticket): number {
		return this.kind === TCP ? this.clientTcp.connect("server 1000", info, ticket) : this.clientUdp.connect("memory 1000", info, ticket);
	}
	accept(info: ConnectionInfo): number {
		return this.kind === TCP ? this.serverTcp.accept(1000, info) : this.serverUdp.accept(1000, info);
	}

	/** Both work for a while; time goes on. */
	run(turns = 1500, milliseconds = 0.01): void {
		for (let i = 0; i < turns; i++) {
			this.clientStack.poll();
			this.serverStack.poll();
			world.clock.advance(milliseconds);
		}
	}

	/** A connection whose handshake is done; nothing is left in told. */
	open(ticket?: Ticket): [NativeConnection, NativeConnection] {
		const client = this.info("client", START, "localhost");
		const server = this.info("server", START);
		this.accept(server);
		this.connect(client, ticket);
		this.run();
		equal(this.accept(server), OK);
		equal(this.connect(client), OK);
		equal(this.told.includes("client 20000") && this.told.includes("server 20000"), true, this.told.join());
		this.told.length = 0;
		return [client.connection as NativeConnection, server.connection as NativeConnection];
	}
}

/** Every case once for TCP and once for UDP. */
function both(list: Record<string, (kind: Kind) => void>): Record<string, () => void> {
	const all: Record<string, () => void> = {};
	for (const name of Object.keys(list)) for (const kind of kinds) all[`${kind}: ${name}`] = () => list[name](kind);
	return all;
}

const common = both({
	"handshake by START: notifications in order, each once"(kind) {
		const scene = new Scene({ kind });
		const client = scene.info("client", START, "localhost");
		const server = scene.info("server", START);
		equal(scene.accept(server), WAIT);
		equal(scene.told.length, 0);
		const code = scene.connect(client);
		equal(code === OK || code === WAIT, true);
		equal(scene.told.length, 0, "nothing is told from inside a call");
		scene.run();
		equal(scene.accept(server), OK);
		equal(client.connection?.state, OPERATING);
		equal(server.connection?.state, OPERATING);
		const of = (name: string): string => scene.told.filter((line) => line.startsWith(name)).join();
		const [ready, done] = [TX_RDY.toString(16), HANDSHAKE_DONE.toString(16)];
		equal(of("client"), `client ${ready},client ${done}`);
		equal(of("server"), `server ${ready},server ${done}`);
		equal(client.connection?.clientHandshake("localhost"), OK);
		equal(server.connection?.serverHandshake(false), OK);
		scene.run(50);
		equal(scene.told.length, 4, "and no more");
	},

	"handshake by calls, polled at each turn"(kind) {
		const scene = new Scene({ kind });
		const client = scene.info("client");
		const server = scene.info("server");
		equal(scene.accept(server), WAIT);
		scene.connect(client);
		const one = client.connection as NativeConnection;
		equal(one.state, CLOSED);
		let clientCode = WAIT;
		let serverCode = WAIT;
		for (let i = 0; i < 3000 && (clientCode === WAIT || serverCode === WAIT); i++) {
			if (clientCode === WAIT) clientCode = one.clientHandshake("localhost");
			if (server.connection === undefined) scene.accept(server);
			else if (serverCode === WAIT) serverCode = server.connection.serverHandshake(false);
			scene.run(1);
		}
		equal(clientCode, OK);
		equal(serverCode, OK);
		scene.run(3);
		equal(scene.told.filter((line) => line.endsWith(" 20000")).length, 2);
	},

	"data: told once until it is asked for"(kind) {
		const scene = new Scene({ kind });
		const [client, server] = scene.open();
		equal(client.send(bytesOf("first")), OK);
		equal(client.send(bytesOf("second")), OK);
		scene.run(20);
		const ready = `server ${DATA_READY.toString(16)}`;
		equal(scene.told.join(), ready);
		equal(server.receive(), OK);
		equal(textOf(server.data, server.outcome.count), "first");
		scene.run(20);
		equal(scene.told.join(), `${ready},${ready}`, "there is more");
		equal(server.receive(), OK);
		equal(textOf(server.data, server.outcome.count), "second");
		equal(server.receive(), WAIT);
		scene.run(20);
		equal(scene.told.length, 2);
		const own = new Uint8Array(3);
		equal(server.send(bytesOf("back")), OK);
		scene.run(20);
		equal(client.receive(own), OK, "or into the caller's own");
		equal(textOf(own, client.outcome.count), "bac");
		equal(client.receive(own, 0, 1), OK);
		equal(textOf(own, client.outcome.count), "k");
	},

	"close: nothing is told afterwards"(kind) {
		const scene = new Scene({ kind });
		const [client, server] = scene.open();
		server.send(bytesOf("unread"));
		scene.run(20);
		equal(scene.told.join(), "client 1");
		server.send(bytesOf("more"));
		scene.told.length = 0;
		equal(client.close(), OK);
		equal(client.state, CLOSED);
		scene.run(50);
		equal(scene.told.filter((line) => line.startsWith("client")).length, 0);
		for (const code of [
			client.close(),
			client.send(bytesOf("x")),
			client.receive(),
			client.receive(new Uint8Array(1)),
			client.reserveBuffer(1),
			client.readTicket(),
			client.renegotiate(),
			client.beat(),
			client.clientHandshake("localhost"),
			client.serverHandshake(false),
		])
			equal(code, NOT_FOUND_ERR);
		equal(scene.told.join(), "server 1", "the peer is told");
		equal(server.receive(), OK);
		equal(server.outcome.count, 0);
		equal(server.close(), OK);
		scene.run(50);
		for (const stack of [scene.clientStack, scene.serverStack]) {
			const { connections, buffers } = stack.memory();
			equal(connections.used + buffers.used, 0);
		}
		equal(scene.clientTcp.connections.length + scene.clientUdp.connections.length, 0);
	},

	"close from inside a notification"(kind) {
		const scene = new Scene({ kind });
		const told: number[] = [];
		const client = new ConnectionInfo(
			(connection, notification) => {
				told.push(notification);
				equal(scene.clientStack.poll(), Number.POSITIVE_INFINITY, "poll does nothing while it tells");
				if (notification === HANDSHAKE_DONE) connection.close();
			},
			START,
			"localhost",
		);
		const server = scene.info("server", START);
		scene.accept(server);
		scene.connect(client);
		scene.run();
		equal(told.join(), `${TX_RDY},${HANDSHAKE_DONE}`);
		equal(scene.clientStack.memory().connections.used, 0);
	},

	"a failed handshake"(kind) {
		const scene = new Scene({ kind });
		const security = scene.clientStack.createSecurity();
		equal(security?.setRootCaCert(world.pki.selfSigned("localhost").chain[0]), OK);
		const client = scene.info("client", START, "localhost");
		client.security = security;
		const server = scene.info("server", START);
		scene.accept(server);
		scene.connect(client);
		scene.run();
		scene.accept(server);
		const failed = HANDSHAKE_FAILED.toString(16);
		equal(scene.told.filter((line) => line === `client ${failed}`).length, 1);
		equal(scene.told.filter((line) => line === `server ${failed}`).length, 1);
		equal(scene.told.length, 4);
		const connection = client.connection as NativeConnection;
		for (const code of [connection.clientHandshake("localhost"), connection.send(bytesOf("x")), connection.receive(), connection.reserveBuffer(1)])
			equal(code, VERIFY_ERR);
		equal(connection.outcome.failure, CERTIFICATE_ISSUER_UNKNOWN);
		equal(connection.verifyResult & 16, 16);
		equal(connection.state, CLOSED);
		equal(server.connection?.serverHandshake(false), HS_ERR);
		equal(connection.close(), OK);
	},

	"the time runs out: told once, nothing is closed"(kind) {
		const scene = new Scene({ kind });
		const client = scene.info("client", START, "localhost");
		client.timeout = 3000;
		const server = scene.info("server", START);
		if (kind === TCP) scene.accept(server);
		else scene.datagrams.loses = () => true;
		scene.connect(client);
		for (let i = 0; i < 500; i++) {
			scene.clientStack.poll();
			world.clock.advance(10);
		}
		const late = `client ${HANDSHAKE_TIMEOUT.toString(16)}`;
		equal(scene.told.filter((line) => line === late).length, 1);
		equal(client.connection?.state, HANDSHAKE);
		equal(client.connection?.clientHandshake("localhost"), WAIT);
		scene.datagrams.loses = () => false;
		scene.accept(server);
		scene.run(4000, 1);
		equal(scene.told.includes("client 20000"), true, "it goes on");
	},

	"wrong arguments"(kind) {
		const scene = new Scene({ kind });
		const nothing = undefined as unknown as ConnectionInfo;
		equal(scene.connect(nothing), NULL_PTR_ERR);
		equal(scene.accept(nothing), NULL_PTR_ERR);
		equal(scene.connect(scene.info("x", START)), PARAM_ERR, "START needs a name");
		const [client] = scene.open();
		equal(client.send(undefined as unknown as Uint8Array), NULL_PTR_ERR);
		equal(client.send(new Uint8Array(1), 0, 2), PARAM_ERR);
		equal(client.receive(new Uint8Array(0)), PARAM_ERR);
		equal(client.reserveBuffer(0), PARAM_ERR);
		equal(client.reserveBuffer(Number.NaN), PARAM_ERR);
		equal(client.serverHandshake(false), PARAM_ERR);
		const refused = scene.info("refused", START, "no name");
		scene.connect(refused);
		scene.run(5);
		equal(scene.told.join(), "refused 2,refused 10000", "what can't begin has failed");
		equal(refused.connection?.outcome.failure !== 0, true);
	},

	"a stack that isn't ready"(kind) {
		const stopped = new Stack(world.host());
		equal(stopped.init({ dtls: true }), OK);
		const off: Partial<Configuration> = kind === TCP ? { nativeInterface: false } : { dtlsNativeInterface: false };
		for (const stack of [stopped, world.stack(off)]) {
			const security = world.credentials(stack);
			const tcp = new NativeTcp(stack, new MemoryStreamNetwork(), security);
			const udp = new NativeUdp(stack, new MemoryDatagramNetwork(), security);
			const info = new ConnectionInfo();
			const codes =
				kind === TCP
					? [tcp.connect("a 1", info), tcp.accept(1, info), tcp.start(streamPair()[0], info)]
					: [udp.connect("a 1", info), udp.accept(1, info), udp.serverOpen(1, info), udp.start(new MemoryDatagramNetwork().open(1), "a 1", info)];
			equal(
				codes.every((code) => code === INIT_ERR),
				true,
				codes.join(),
			);
		}
	},

	"a full pool"(kind) {
		const scene = new Scene({ kind, client: { maxConnections: 1 }, server: { maxConnections: 1 } });
		const [client, server] = scene.open();
		const info = scene.info("second", START, "localhost");
		equal(scene.connect(info), NOT_FOUND_ERR);
		const native = kind === TCP ? scene.clientTcp : scene.clientUdp;
		equal(native.outcome.failure, CONNECTIONS_EXHAUSTED);
		equal(scene.accept(scene.info("other")), NOT_FOUND_ERR);
		client.close();
		server.close();
		scene.run(50);
		scene.open();
	},

	buffers(kind) {
		const scene = new Scene({ kind, client: { dataBufferSize: 3000, maxDataLength: 1024 } });
		const early = scene.info("client", START, "localhost");
		scene.connect(early);
		if (early.connection === undefined) scene.run(1);
		scene.connect(early);
		if (early.connection !== undefined) {
			equal(early.connection.reserveBuffer(10), WAIT, "before the handshake is done");
			early.connection.close();
		}
		scene.run(50);
		scene.told.length = 0;
		const [client, server] = scene.open();
		equal(client.reserveBuffer(10, 0, true), OK);
		const { buffer } = client;
		equal(buffer.length, 3000);
		equal(client.reserveBuffer(9999), OK, "the largest there is");
		equal(client.buffer, buffer, "the same, until it is sent");
		for (let i = 0; i < 3000; i++) buffer[i] = i;
		if (kind === TCP) scene.streams.connected[scene.streams.connected.length - 1].window = 0;
		else for (const port of scene.datagrams.ports.values()) port.congested = true;
		equal(client.send(buffer, 0, 3000), OK, "all of it is the stack's now");
		equal(client.outcome.count, 3000);
		equal(client.buffer.length, 0);
		equal(client.send(buffer, 0, 3000), WAIT, "it is nobody else's");
		equal(client.reserveBuffer(10, 100, true), MEM_ERR);
		equal(client.outcome.failure, BUFFERS_EXHAUSTED);
		scene.run(10);
		equal(scene.told.length, 0);
		if (kind === TCP) scene.streams.connected[scene.streams.connected.length - 1].window = 65536;
		else for (const port of scene.datagrams.ports.values()) port.congested = false;
		scene.run(30);
		equal(scene.told.filter((line) => line === "client 2").length, 1, "there is room again");
		let received = 0;
		for (let i = 0; i < 50; i++) {
			if (server.receive() === OK) for (let k = 0; k < server.outcome.count; k++) equal(server.data[k], received++ & 255);
			scene.run(2);
		}
		equal(received, 3000);
		equal(client.reserveBuffer(10), OK);
	},

	"buffers: who waits no longer isn't told"(kind) {
		const scene = new Scene({ kind, client: { maxDataLength: 1024 } });
		const [client] = scene.open();
		equal(client.reserveBuffer(10), OK);
		if (kind === TCP) scene.streams.connected[0].window = 0;
		else for (const port of scene.datagrams.ports.values()) port.congested = true;
		equal(client.send(client.buffer), OK);
		equal(client.reserveBuffer(10, 50, true), MEM_ERR);
		scene.run(10, 10);
		scene.streams.connected[0] && (scene.streams.connected[0].window = 65536);
		for (const port of scene.datagrams.ports.values()) port.congested = false;
		scene.run(20);
		equal(scene.told.filter((line) => line.startsWith("client")).length, 0);
		equal(client.reserveBuffer(10), OK);
	},

	"handshake calls: what they need, and where there is no room"(kind) {
		const scene = new Scene({ kind, client: { maxConnections: 1 }, server: { maxConnections: 1 } });
		const nothing = null as unknown as string;
		const [here, there] = streamPair();
		const [one, other] = [scene.datagrams.open(1), scene.datagrams.open(2)];
		const info = scene.info("client");
		const served = scene.info("server");
		equal(kind === TCP ? scene.clientTcp.start(here, info) : scene.clientUdp.start(one, "memory 2", info), OK);
		equal(kind === TCP ? scene.serverTcp.start(there, served) : scene.serverUdp.start(other, "memory 1", served), OK);
		const client = info.connection as NativeConnection;
		const server = served.connection as NativeConnection;
		equal(client.clientHandshake(nothing), NULL_PTR_ERR);
		equal(client.clientHandshake(""), PARAM_ERR);
		equal(server.serverHandshake(false, nothing), NULL_PTR_ERR);
		equal(server.serverHandshake(true, "no name"), PARAM_ERR);
		const second = scene.info("second");
		equal(kind === TCP ? scene.clientTcp.start(here, second) : scene.clientUdp.start(one, "memory 3", second), NOT_FOUND_ERR, "no room");
		const sockets = [scene.clientStack, scene.serverStack].map((stack) => new TlsSocket(stack, streamPair()[0], world.credentials(stack)));
		equal(sockets[0].clientHandshake("localhost"), WAIT);
		equal(sockets[1].serverHandshake(false), WAIT);
		equal(client.clientHandshake("localhost"), FULL_ERR, "a socket has the memory");
		equal(server.serverHandshake(false), FULL_ERR);
		for (const socket of sockets) equal(socket.close(), OK);
		equal(client.clientHandshake("localhost"), WAIT, "there is room again");
		equal(client.readTicket(), PARAM_ERR);
		equal(client.close(), OK);
		equal(server.close(), OK);
	},

	"nobody comes"(kind) {
		const scene = new Scene({ kind });
		const info = scene.info("server", START);
		info.timeout = 500;
		equal(scene.accept(info), WAIT);
		world.clock.advance(501);
		equal(scene.accept(info), TIMEOUT_ERR);
		equal((kind === TCP ? scene.serverTcp : scene.serverUdp).outcome.failure, NOBODY_THERE);
		const [client] = scene.open();
		equal(client.state, OPERATING, "the port is still open");
	},

	"a session that is too long for a ticket"(kind) {
		const scene = new Scene({ kind, client: { sessionSize: 128 } });
		const [client] = scene.open();
		scene.run(20);
		equal(client.readTicket(), MEM_ERR);
		equal(client.outcome.bytesNeeded > 128, true);
	},

	"another thread is in: every call waits"(kind) {
		const locks: CountingLock[] = [];
		const createLock = (): CountingLock => {
			locks.push(new CountingLock());
			return locks[locks.length - 1];
		};
		const stack = world.stack({}, { createLock });
		const security = world.credentials(stack);
		const [streams, datagrams] = [new MemoryStreamNetwork(), new MemoryDatagramNetwork()];
		const tcp = new NativeTcp(stack, streams, security);
		const udp = new NativeUdp(stack, datagrams, security);
		const info = new ConnectionInfo();
		equal(kind === TCP ? tcp.start(streamPair()[0], info) : udp.start(datagrams.open(7), "memory 8", info), OK);
		const connection = info.connection as NativeConnection;
		const next = new ConnectionInfo();
		locks[1].enter();
		const calls = [
			kind === TCP ? tcp.start(streamPair()[0], next) : udp.start(datagrams.open(9), "memory 8", next),
			kind === TCP ? tcp.connect("server 1", next) : udp.connect("memory 1", next),
			kind === TCP ? tcp.accept(1, next) : udp.accept(1, next),
			kind === TCP ? WAIT : udp.serverOpen(1, next),
			connection.clientHandshake("localhost"),
			connection.serverHandshake(false),
			connection.send(bytesOf("x")),
			connection.receive(),
			connection.reserveBuffer(1),
			connection.readTicket(),
			connection.renegotiate(),
			connection.beat(),
			connection.close(),
		];
		equal(
			calls.every((code) => code === WAIT),
			true,
			calls.join(),
		);
		locks[1].leave();
		equal(connection.close(), OK);
	},

	resuming(kind) {
		const scene = new Scene({ kind, client: { maxSessions: 2 } });
		const [client, server] = scene.open();
		scene.run(20);
		equal(server.readTicket(), PARAM_ERR);
		equal(client.readTicket(), OK);
		const ticket = client.ticket as Ticket;
		client.close();
		server.close();
		scene.run(50);
		scene.told.length = 0;
		const [again] = scene.open(ticket);
		equal(again.sessionResumed, true);
	},

	"clients that must prove themselves"(kind) {
		const scene = new Scene({ kind });
		const security = world.credentials(scene.clientStack, false);
		const serverInfo = scene.info("server", START | VERIFY, "device");
		if (kind === UDP) {
			equal(scene.serverUdp.serverClose(1000), OK);
			equal(scene.serverUdp.serverOpen(1000, serverInfo), OK);
		}
		const client = scene.info("client", START, "localhost");
		client.security = security;
		scene.accept(serverInfo);
		scene.connect(client);
		scene.run(2500);
		equal(scene.accept(serverInfo), OK);
		equal(serverInfo.connection?.state, OPERATING);
	},

	"closed underneath"(kind) {
		const scene = new Scene({ kind });
		const [client, server] = scene.open();
		if (kind === TCP) scene.streams.connected[0].close();
		else for (const port of [...scene.datagrams.ports.values()]) port.close();
		scene.run(20);
		equal(scene.told.sort().join(), "client 1,server 1");
		equal(client.receive(), IO_ERR);
		equal(client.outcome.failure, TRANSPORT_ENDED);
		equal(server.receive(), IO_ERR);
		equal(client.send(bytesOf("x")), IO_ERR);
		equal(client.state, CLOSED);
		equal(client.close(), OK);
	},

	"stop: all ends, nobody is told"(kind) {
		const scene = new Scene({ kind });
		const [client] = scene.open();
		scene.connect(scene.info("waiting", START, "localhost"));
		equal(scene.clientStack.stop(), OK);
		equal(scene.serverStack.stop(), OK);
		scene.run(10);
		equal(scene.told.length, 0);
		equal(client.send(bytesOf("x")), NOT_FOUND_ERR);
		equal(scene.clientStack.memory().connections.used, 0);
		equal(scene.clientStack.memory().ports.used, 0);
		equal(scene.datagrams.ports.size, 0);
		equal(scene.streams.listeners.size, 0);
	},
});

export const cases: Record<string, () => void> = {
	...common,

	"tcp: waiting for a connection"() {
		const scene = new Scene({ kind: TCP });
		scene.streams.slow = true;
		const info = scene.info("client", START, "localhost");
		info.timeout = 1000;
		equal(scene.accept(scene.info("server", START)), WAIT);
		equal(scene.connect(info), WAIT);
		const { wakeAt } = scene.clientTcp.outcome;
		equal(wakeAt, world.clock.now + 1000);
		scene.run(3);
		equal(scene.told.join(), "server 2", "not there yet for the client");
		world.clock.advance(1001);
		equal(scene.connect(info), TIMEOUT_ERR);
		equal(scene.clientTcp.outcome.failure, NOBODY_THERE);
		equal(scene.streams.connected[0].closed, true);
		scene.streams.slow = false;
		equal(scene.connect(scene.info("x", START, "localhost")), OK, "there at once");
		const refused = scene.clientTcp.connect("server 1", scene.info("refused"));
		equal(refused, IO_ERR);
		equal(scene.clientTcp.outcome.failure, PORT_REFUSED);
	},

	"tcp: another handshake at another time, with a second connection in between"() {
		const scene = new Scene({ kind: TCP });
		const trust = world.trust(scene.clientStack);
		const credentials = world.credentials(scene.serverStack);
		equal(trust.setOptions({ maximumVersion: TLS_1_2 }), OK);
		equal(credentials.setOptions({ renegotiation: true }), OK);
		const connect = (): NativeConnection => {
			const [client, server] = [scene.info("client", START, "localhost"), scene.info("server", START)];
			client.security = trust;
			server.security = credentials;
			scene.accept(server);
			scene.connect(client);
			scene.run();
			equal(scene.accept(server), OK);
			return client.connection as NativeConnection;
		};
		const client = connect();
		const again = (time: number): number => {
			let code = WAIT;
			for (let i = 0; i < 5000 && code === WAIT; i++) {
				code = client.renegotiate(time);
				scene.run(1);
			}
			return code;
		};
		equal(again(NOW + 1000), OK);
		equal(client.state, OPERATING);
		scene.told.length = 0;
		equal(client.renegotiate(NOW + 86400 * 1000), WAIT);
		equal(connect().state, OPERATING, "this one goes by the device's time");
		equal(again(NOW + 86400 * 1000), VERIFY_ERR);
		equal(client.verifyResult & 1, 1, "expired");
		equal(scene.told.filter((line) => line === "client 1").length, 1, "the failure is told of");
		equal(world.clock.seconds() - NOW < 86400, true);
	},

	"tcp: addresses and ports"() {
		const scene = new Scene({ kind: TCP });
		const { clientTcp: tcp, serverTcp } = scene;
		const nothing = undefined as unknown as string;
		equal(tcp.connect(nothing, scene.info("x")), NULL_PTR_ERR);
		for (const address of ["", "server", "server x", "server 70000", "server -1", 5 as unknown as string])
			equal(tcp.connect(address, scene.info("x")), PARAM_ERR, String(address));
		for (const port of [-1, 65536, 0.5]) equal(serverTcp.accept(port, scene.info("x")), PARAM_ERR);
		equal(serverTcp.accept(1000, scene.info("x")), WAIT);
		const third = world.stack();
		const other = new NativeTcp(third, scene.streams, world.credentials(third));
		equal(other.accept(1000, scene.info("y")), IO_ERR, "the port is taken");
		equal(other.outcome.failure, PORT_REFUSED);
		equal(other.outcome.cause instanceof Error, true);
		equal(serverTcp.closePort(1000), OK);
		equal(serverTcp.closePort(1000), NOT_FOUND_ERR);
		equal(other.accept(1000, scene.info("y")), WAIT);
	},

	"tcp: a connection that is there already"() {
		const scene = new Scene({ kind: TCP });
		const [here, there] = streamPair();
		const client = scene.info("client", START, "localhost");
		const server = scene.info("server");
		equal(scene.clientTcp.start(undefined as unknown as typeof here, client), NULL_PTR_ERR);
		equal(scene.clientTcp.start(here, client), OK);
		equal(scene.serverTcp.start(there, server), OK);
		const one = server.connection as NativeConnection;
		equal(one.send(bytesOf("x")), HS_ERR, "the application has the transport for that");
		equal(one.receive(), HS_ERR);
		equal(one.reserveBuffer(5), WAIT);
		equal(one.serverHandshake(false), WAIT);
		scene.run();
		equal(one.state, OPERATING);
		equal(scene.told.filter((line) => line === "server 20000").length, 1);
	},

	"udp: in the clear before the handshake"() {
		const scene = new Scene({ kind: UDP });
		const [one, other] = [scene.datagrams.open(1), scene.datagrams.open(2)];
		const client = scene.info("client");
		const server = scene.info("server");
		const nothing = undefined as unknown as string;
		equal(scene.clientUdp.start(one, nothing, client), NULL_PTR_ERR);
		equal(scene.clientUdp.start(one, "", client), PARAM_ERR);
		equal(scene.clientUdp.start(one, "memory 2", client), OK);
		equal(scene.serverUdp.start(other, "memory 1", server), OK);
		const here = client.connection as NativeConnection;
		const there = server.connection as NativeConnection;
		equal(here.receive(), WAIT);
		equal(here.send(bytesOf("plain")), OK);
		scene.run(3);
		equal(scene.told.join(), "client 2,server 2,server 1");
		equal(there.receive(), OK);
		equal(textOf(there.data, there.outcome.count), "plain");
		equal(there.send(bytesOf("answer")), OK);
		equal(here.receive(new Uint8Array(3)), WAIT, "a datagram that doesn't fit is lost");
		equal(there.send(bytesOf("again")), OK);
		equal(here.receive(), OK);
		equal(textOf(here.data, here.outcome.count), "again");
		equal(here.clientHandshake("localhost"), WAIT);
		equal(here.send(bytesOf("x")), WAIT, "while it runs nothing can be sent");
		equal(there.serverHandshake(false), WAIT);
		scene.run();
		equal(here.state, OPERATING);
		let seen = "";
		scene.datagrams.loses = (_, bytes) => {
			seen += textOf(bytes, bytes.length);
			return false;
		};
		equal(here.send(bytesOf("secret")), OK);
		equal(seen.includes("secret"), false);
		equal(there.receive(), OK);
		equal(textOf(there.data, there.outcome.count), "secret");
		one.broken = true;
		equal(here.close(), OK);
	},

	"udp: a server's port"() {
		const scene = new Scene({ kind: UDP, server: { maxServerPorts: 2 } });
		const { serverUdp: udp } = scene;
		const nothing = undefined as unknown as ConnectionInfo;
		equal(udp.serverOpen(2000, nothing), NULL_PTR_ERR);
		for (const port of [-1, 65536, 1000]) equal(udp.serverOpen(port, scene.info("x")), PARAM_ERR, `${port}: no port, or open already`);
		equal(udp.serverOpen(2000, scene.info("x", VERIFY, "no name")), PARAM_ERR);
		equal(scene.datagrams.ports.has("memory 2000"), false, "it isn't kept");
		scene.datagrams.open(3000);
		equal(udp.serverOpen(3000, scene.info("x")), IO_ERR);
		equal(udp.outcome.failure, PORT_REFUSED);
		equal(udp.serverOpen(2000, scene.info("x")), OK);
		equal(udp.serverOpen(4000, scene.info("x")), FULL_ERR);
		equal(udp.outcome.failure, PORTS_EXHAUSTED);
		equal(udp.serverClose(4000), NOT_FOUND_ERR);
		equal(udp.serverClose(2000), OK);
		equal(udp.serverConnection(1000), NOT_FOUND_ERR);
		equal(udp.accept(4000, scene.info("x")), NOT_FOUND_ERR);
		const [, first] = scene.open();
		equal(udp.serverConnection(1000), OK);
		equal(udp.connection, first);
		const [, second] = scene.open();
		equal(udp.serverConnection(1000), OK);
		equal(udp.connection, second, "the last");
		equal(udp.serverClose(1000), DTLS_CONNECT_ERR);
		equal(udp.outcome.failure, PORT_IN_USE);
		first.close();
		second.close();
		scene.run(50);
		equal(udp.serverConnection(1000), NOT_FOUND_ERR);
		equal(udp.serverClose(1000), OK);
	},

	"udp: local ports from dtlsClientPortStart on"() {
		const scene = new Scene({ kind: UDP, client: { dtlsClientPortStart: 20000 } });
		scene.datagrams.open(20000);
		scene.connect(scene.info("client"));
		equal(scene.datagrams.ports.has("memory 20001"), true);
		const last = new Scene({ kind: UDP, client: { dtlsClientPortStart: 65535 } });
		last.datagrams.open(65535);
		equal(last.connect(last.info("client")), IO_ERR);
		equal(last.clientUdp.connect(undefined as unknown as string, last.info("x")), NULL_PTR_ERR);
		equal(last.clientUdp.connect("", last.info("x")), PARAM_ERR);
	},

	"udp: retransmissions without an answer"() {
		const scene = new Scene({ kind: UDP, client: { retransmitInitial: 100, retransmitMax: 100, messageRetries: 3 } });
		scene.datagrams.loses = () => true;
		const info = scene.info("client", START, "localhost");
		scene.connect(info);
		scene.run(100, 20);
		equal(scene.told.join(), `client 2,client ${DTLS_TIMEOUT.toString(16)}`);
		equal(info.connection?.state, HANDSHAKE);
		scene.datagrams.loses = () => false;
		const server = scene.info("server", START);
		scene.accept(server);
		scene.run(3000, 1);
		equal(info.connection?.state, OPERATING);
	},
};
