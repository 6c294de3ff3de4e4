// The DTLS socket: every call with every code, one port with many peers, silence, loss, addresses that change.

import { CERTIFICATE_ISSUER_UNKNOWN, CONNECTIONS_EXHAUSTED, HANDSHAKE_LATE, PEER_SILENT, TRANSPORT_BROKEN } from "polltls/base/failure";
import {
	CLOSED,
	DTLS_NEW_CONN,
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
	TYPE_ERR,
	VERIFY_ERR,
	WAIT,
	WANTS_OUTPUT,
	WANTS_TIMER,
} from "polltls/base/status";
import type { Configuration } from "polltls/io/configuration";
import { type DtlsConnection, DtlsSocket } from "polltls/io/dtls-socket";
import { Stack } from "polltls/io/module";
import type { Security } from "polltls/io/security";
import type { Ticket } from "polltls/io/tickets";
import { CountingLock } from "polltls/os/in-memory";
import { MemoryDatagramNetwork, type MemoryDatagramPort } from "polltls/os/in-memory-network";
import { SOCKET_CONNECTION_ID, SOCKET_INNER_MTU, SOCKET_SESSION_RESUMED } from "polltls/os/os";
import { TLS_1_2 } from "polltls/wire/registry";
import { bytesOf, equal, NOW, textOf, World } from "./harness.js";

const world = new World();
const SERVER = "memory 5684";

interface SceneOptions {
	client?: Partial<Configuration>;
	server?: Partial<Configuration>;
}

/** A server's socket and as many clients' as wanted, on one network. */
class Scene {
	readonly network = new MemoryDatagramNetwork();
	readonly clientStack: Stack;
	readonly serverStack: Stack;
	readonly trust: Security;
	readonly credentials: Security;
	readonly serverPort: MemoryDatagramPort;
	readonly server: DtlsSocket;
	readonly clients: DtlsSocket[] = [];
	readonly ports: MemoryDatagramPort[] = [];
	/** Connections that the server has told of. */
	readonly accepted: DtlsConnection[] = [];
	/** Other answers of serverHandshake than WAIT. */
	readonly answers: number[] = [];

	constructor({ client = {}, server = {} }: SceneOptions = {}) {
		this.clientStack = world.stack({ maxConnections: 4, ...client });
		this.serverStack = world.stack({ maxConnections: 4, ...server });
		this.trust = world.trust(this.clientStack);
		this.serverPort = this.network.open(5684);
		this.credentials = world.credentials(this.serverStack);
		this.server = new DtlsSocket(this.serverStack, this.serverPort, this.credentials);
	}

	client(): DtlsSocket {
		const port = this.network.open(0);
		const socket = new DtlsSocket(this.clientStack, port, this.trust);
		this.ports.push(port);
		this.clients.push(socket);
		return socket;
	}

	/** The server works once. */
	serve(): number {
		const code = this.server.serverHandshake(false);
		if (code === WAIT) return code;
		this.answers.push(code);
		if (code === OK) this.accepted.push(this.server.connection as DtlsConnection);
		return code;
	}

	/** Runs a call until it answers something else than WAIT, time going on when nothing happens. */
	run(call: () => number, turns = 20000): number {
		for (let i = 0; i < turns; i++) {
			const code = call();
			if (code !== WAIT) return code;
			this.serve();
			world.clock.advance(1);
		}
		throw new Error("it hangs");
	}

	/** A client that is connected, and the server's side of it. */
	connect(socket = this.client(), ticket?: Ticket): [DtlsConnection, DtlsConnection] {
		const before = this.accepted.length;
		equal(
			this.run(() => socket.clientHandshake(SERVER, "localhost", ticket)),
			OK,
		);
		for (let i = 0; i < 1000 && this.accepted.length === before; i++) {
			this.serve();
			socket.connection?.receive(new Uint8Array(1)); // acknowledges
			world.clock.advance(1);
		}
		return [socket.connection as DtlsConnection, this.accepted[before]];
	}
}

function receiveText(connection: DtlsConnection): string {
	const buffer = new Uint8Array(2000);
	return connection.receive(buffer) === OK ? textOf(buffer, connection.outcome.count) : `code ${connection.outcome.failure}`;
}

export const cases: Record<string, () => void> = {
	"handshake, datagrams both ways, close"() {
		const scene = new Scene();
		const [client, server] = scene.connect();
		equal(client.state, OPERATING);
		equal(server.state, OPERATING);
		equal(client.address, SERVER);
		equal(server.address, "memory 49152");
		equal(client.send(bytesOf("one")), OK);
		equal(client.send(bytesOf("two")), OK);
		equal(receiveText(server), "one", "a datagram at a time");
		equal(receiveText(server), "two");
		equal(server.receive(new Uint8Array(1)), WAIT);
		equal(server.send(bytesOf("back")), OK);
		equal(receiveText(client), "back");
		equal(client.handshake(), OK, "it stays done");
		equal(scene.clients[0].clientHandshake(SERVER, "localhost"), OK);
		equal(client.close(), OK);
		equal(client.close(), NOT_FOUND_ERR);
		equal(client.handshake(), NOT_FOUND_ERR);
		equal(client.state, CLOSED);
		equal(receiveText(server), "");
		equal(server.outcome.count, 0, "close_notify");
		equal(scene.clients[0].close(), OK);
		equal(scene.ports[0].closed, true);
		equal(scene.server.close(), OK);
		equal(scene.serverPort.closed, true);
		for (const stack of [scene.clientStack, scene.serverStack]) {
			const { connections, ports } = stack.memory();
			equal(connections.used, 0);
			equal(ports.used, 0);
		}
	},

	"the inner MTU, and other options"() {
		const scene = new Scene({ client: { pmtu: 600 } });
		const socket = scene.client();
		equal(socket.clientHandshake(SERVER, "localhost"), WAIT);
		equal(socket.connection?.innerMtu, 0, "not yet known");
		const [client, server] = scene.connect(socket);
		const mtu = client.innerMtu;
		equal(mtu < 600 && mtu > 550, true, `${mtu}`);
		equal(client.option(SOCKET_INNER_MTU), mtu);
		equal(client.option(SOCKET_SESSION_RESUMED), false);
		equal(client.option(SOCKET_CONNECTION_ID), undefined);
		equal(client.option(1000), undefined);
		let longest = 0;
		scene.network.loses = (_, bytes) => {
			longest = Math.max(longest, bytes.length);
			return false;
		};
		equal(client.send(new Uint8Array(mtu)), OK);
		equal(client.outcome.count, mtu);
		equal(longest, 600, "it fills a datagram");
		const buffer = new Uint8Array(1000);
		equal(server.receive(buffer), OK);
		equal(server.outcome.count, mtu);
		equal(client.send(new Uint8Array(mtu + 1)), OK);
		equal(server.receive(buffer), OK);
		equal(server.outcome.count, mtu, "what is longer goes in two");
		equal(server.receive(buffer), OK);
		equal(server.outcome.count, 1);
	},

	"wrong arguments, wrong states"() {
		const scene = new Scene();
		const socket = scene.client();
		const nothing = undefined as unknown as string;
		equal(socket.clientHandshake(nothing, "localhost"), NULL_PTR_ERR);
		equal(socket.clientHandshake("", "localhost"), PARAM_ERR);
		equal(socket.clientHandshake(SERVER, nothing), NULL_PTR_ERR);
		equal(socket.clientHandshake(SERVER, ""), PARAM_ERR);
		equal(socket.connections.length, 0, "nothing is left behind");
		equal(socket.clientHandshake(SERVER, "localhost"), WAIT);
		const connection = socket.connection as DtlsConnection;
		equal(connection.state, HANDSHAKE);
		equal(connection.handshaking, true);
		equal(connection.send(bytesOf("x")), WAIT);
		equal(connection.readTicket(), PARAM_ERR);
		equal(connection.renegotiate(), HS_ERR);
		equal(connection.beat(), HS_ERR);
		equal(connection.handshake(), WAIT);
		equal((connection.outcome.wants & WANTS_TIMER) !== 0, true, "it sends again by itself");
		equal(socket.serverHandshake(true, "no name"), PARAM_ERR);
		equal(socket.serverHandshake(false), PARAM_ERR, "no certificate");
		equal(socket.close(), OK);
		equal(socket.close(), NOT_FOUND_ERR);
		equal(socket.clientHandshake(SERVER, "localhost"), NOT_FOUND_ERR);
		equal(socket.serverHandshake(false), NOT_FOUND_ERR);
	},

	"a connection's own calls: wrong arguments, closed"() {
		const scene = new Scene();
		const [client, server] = scene.connect();
		const nothing = undefined as unknown as Uint8Array;
		const byte = new Uint8Array(1);
		equal(client.send(nothing), NULL_PTR_ERR);
		equal(client.send(byte, 0, 2), PARAM_ERR);
		equal(client.receive(nothing), NULL_PTR_ERR);
		equal(client.receive(byte, 1, 1), PARAM_ERR);
		equal(scene.server.serverHandshake(false, null as unknown as string), NULL_PTR_ERR);
		equal(client.close(), OK);
		for (const code of [client.send(byte), client.receive(byte), client.readTicket(), client.renegotiate(), client.beat()]) equal(code, NOT_FOUND_ERR);
		scene.serverPort.close();
		equal(server.receive(byte), IO_ERR);
		equal(server.send(byte), IO_ERR);
	},

	"what a failed handshake leaves, a ticket that doesn't fit, none at all"() {
		const scene = new Scene();
		scene.trust.trust.anchors.length = 0;
		equal(scene.trust.setRootCaCert(world.pki.selfSigned("localhost").chain[0]), OK);
		const socket = scene.client();
		scene.run(() => socket.clientHandshake(SERVER, "localhost"));
		for (let i = 0; i < 10; i++) scene.serve();
		const failed = scene.server.connection as DtlsConnection;
		equal(failed.send(new Uint8Array(1)), HS_ERR);
		equal(failed.receive(new Uint8Array(1)), HS_ERR);
		const short = new Scene({ client: { sessionSize: 128 } });
		const [client, server] = short.connect();
		for (let i = 0; i < 20; i++) {
			server.receive(new Uint8Array(1));
			client.receive(new Uint8Array(1));
		}
		equal(client.readTicket(), MEM_ERR);
		const [without] = new Scene({ server: { ticketLifetime: 0 } }).connect();
		equal(without.readTicket(), NOT_FOUND_ERR, "the server gives none");
	},

	"a server's handshake that takes long is told of, and closing that must wait"() {
		const scene = new Scene({ server: { handshakeTimeout: 20, timerPeriod: 100 } });
		const socket = scene.client();
		for (let i = 0; i < 200; i++) {
			socket.clientHandshake(SERVER, "localhost");
			scene.serve();
		}
		scene.network.loses = () => true;
		let code = WAIT;
		for (let i = 0; i < 300 && code === WAIT; i++) {
			code = scene.serve();
			world.clock.advance(10);
		}
		equal(code, TIMEOUT_ERR);
		equal(scene.server.outcome.failure, HANDSHAKE_LATE);
		equal(scene.serve(), WAIT, "once");
		scene.network.loses = () => false;
		const [client] = scene.connect(socket);
		scene.ports[0].congested = true;
		equal(client.send(new Uint8Array(10)), OK);
		equal(socket.close(), WAIT);
		scene.ports[0].congested = false;
		equal(socket.close(), OK);
	},

	"another thread is in: every call waits"() {
		const locks: CountingLock[] = [];
		const createLock = (): CountingLock => {
			locks.push(new CountingLock());
			return locks[locks.length - 1];
		};
		const stack = world.stack({}, { createLock });
		const network = new MemoryDatagramNetwork();
		const socket = new DtlsSocket(stack, network.open(0), world.credentials(stack));
		equal(socket.clientHandshake(SERVER, "localhost"), WAIT);
		const connection = socket.connection as DtlsConnection;
		locks[1].enter();
		const byte = new Uint8Array(1);
		const calls = [
			socket.clientHandshake(SERVER, "localhost"),
			socket.serverHandshake(false),
			connection.handshake(),
			connection.send(byte),
			connection.receive(byte),
			connection.readTicket(),
			connection.renegotiate(),
			connection.beat(),
			connection.close(),
			socket.close(),
		];
		equal(
			calls.every((code) => code === WAIT),
			true,
			calls.join(),
		);
		locks[1].leave();
		equal(socket.close(), OK);
	},

	"a stack that isn't ready"() {
		const network = new MemoryDatagramNetwork();
		const stopped = new Stack(world.host());
		equal(stopped.init({ dtls: true }), OK);
		for (const stack of [stopped, world.stack({ dtls: false }), world.stack({ dtlsSocketInterface: false })]) {
			const socket = new DtlsSocket(stack, network.open(0), world.trust(stack));
			equal(socket.clientHandshake(SERVER, "localhost"), INIT_ERR);
			equal(socket.serverHandshake(false), INIT_ERR);
		}
		const unlinked = world.stack({}, { linked: {} });
		const socket = new DtlsSocket(unlinked, network.open(0), world.credentials(unlinked));
		equal(socket.clientHandshake(SERVER, "localhost"), PARAM_ERR);
		equal(socket.serverHandshake(false), PARAM_ERR);
		equal(socket.outcome.cause instanceof TypeError, true);
	},

	"many clients on one socket"() {
		const scene = new Scene();
		const [first, served] = scene.connect();
		const second = scene.client();
		const buffer = new Uint8Array(100);
		equal(served.receive(buffer), WAIT);
		let told = 0;
		let code = WAIT;
		for (let i = 0; i < 3000 && told === 0; i++) {
			second.clientHandshake(SERVER, "localhost");
			code = served.receive(buffer);
			if (code === DTLS_NEW_CONN) told++;
			else equal(code, WAIT);
		}
		equal(told, 1, "a further client is told of");
		for (let i = 0; i < 10; i++) equal(served.receive(buffer), WAIT, "once");
		const [, other] = scene.connect(second);
		equal(scene.server.connections.length, 2);
		equal(other === served, false);
		equal(first.send(bytesOf("first")), OK);
		equal(second.connection?.send(bytesOf("second")), OK);
		equal(receiveText(other), "second");
		equal(receiveText(served), "first");
		equal(other.close(), OK);
		equal(first.send(bytesOf("still")), OK);
		equal(receiveText(served), "still");
		equal(scene.serverPort.closed, false);
	},

	"a full pool"() {
		const scene = new Scene({ server: { maxConnections: 1 } });
		const [, served] = scene.connect();
		const second = scene.client();
		for (let i = 0; i < 3000 && !scene.answers.includes(FULL_ERR); i++) {
			second.clientHandshake(SERVER, "localhost");
			scene.serve();
		}
		equal(scene.answers.filter((code) => code === FULL_ERR).length, 1);
		equal(
			scene.run(() => second.clientHandshake(SERVER, "localhost")),
			HS_ERR,
			"it is told that there is no room",
		);
		second.close();
		served.close();
		equal(scene.server.connections.length, 1);
		scene.connect();
		const full = new Scene({ client: { maxConnections: 1 } });
		const socket = full.client();
		equal(socket.clientHandshake(SERVER, "localhost"), WAIT);
		equal(socket.clientHandshake("memory 1", "localhost"), FULL_ERR);
		equal(socket.outcome.failure, CONNECTIONS_EXHAUSTED);
	},

	"one socket, several servers"() {
		const scene = new Scene();
		const otherPort = scene.network.open(5685);
		const other = new DtlsSocket(scene.serverStack, otherPort, world.credentials(scene.serverStack));
		const socket = scene.client();
		const codes = [WAIT, WAIT];
		for (let i = 0; i < 5000 && codes.includes(WAIT); i++) {
			codes[0] = socket.clientHandshake(SERVER, "localhost");
			codes[1] = socket.clientHandshake("memory 5685", "localhost");
			scene.serve();
			other.serverHandshake(false);
			world.clock.advance(1);
		}
		equal(codes.join(), "0,0");
		equal(socket.connections.length, 2);
		equal(socket.connections[1].address, "memory 5685");
		equal(socket.close(), OK);
	},

	"the server isn't trusted"() {
		const scene = new Scene();
		scene.trust.trust.anchors.length = 0;
		equal(scene.trust.setRootCaCert(world.pki.selfSigned("localhost").chain[0]), OK);
		const socket = scene.client();
		equal(
			scene.run(() => socket.clientHandshake(SERVER, "localhost")),
			VERIFY_ERR,
		);
		equal(socket.outcome.failure, CERTIFICATE_ISSUER_UNKNOWN);
		equal(socket.connection?.state, CLOSED);
		for (let i = 0; i < 10; i++) scene.serve();
		equal(scene.answers.join(), `${HS_ERR}`, "the server is told");
		equal(scene.server.connection?.close(), OK);
	},

	"nobody there: told once, and it goes on"() {
		const scene = new Scene({ client: { retransmitInitial: 100, retransmitMax: 200, messageRetries: 2, handshakeTimeout: 30 } });
		scene.network.loses = () => true;
		const socket = scene.client();
		const codes: number[] = [];
		for (let i = 0; i < 5000; i++) {
			const code = socket.clientHandshake(SERVER, "localhost");
			if (code !== WAIT) codes.push(code);
			if (socket.connection?.receive(new Uint8Array(1)) === TIMEOUT_ERR) codes.push(socket.connection.outcome.failure);
			if (socket.outcome.failure !== 0) codes.push(socket.outcome.failure);
			world.clock.advance(1);
		}
		equal(codes.join(), [PEER_SILENT, TIMEOUT_ERR, HANDSHAKE_LATE].join(), "retransmissions, then the handshake's time");
		scene.network.loses = () => false;
		scene.connect(socket);
	},

	"datagrams are lost"() {
		for (const lost of [0, 1, 2, 3, 4, 5, 6]) {
			const scene = new Scene();
			scene.network.loses = (index) => index === lost;
			const [client, server] = scene.connect();
			scene.network.loses = () => false;
			equal(client.send(bytesOf("through")), OK);
			equal(receiveText(server), "through");
		}
	},

	"a transport that takes nothing for a while"() {
		const scene = new Scene();
		const [client, server] = scene.connect();
		scene.ports[0].congested = true;
		equal(client.send(bytesOf("later")), OK, "it is kept");
		let code = OK;
		for (let i = 0; i < 10 && code === OK; i++) code = client.send(new Uint8Array(1000));
		equal(code, WAIT, "until there is no room");
		equal((client.outcome.wants & WANTS_OUTPUT) !== 0, true);
		equal(client.close(), WAIT);
		scene.ports[0].congested = false;
		equal(client.close(), OK);
		equal(receiveText(server), "later");
	},

	"a transport that breaks"() {
		const scene = new Scene();
		const [client, server] = scene.connect();
		scene.ports[0].broken = true;
		equal(client.receive(new Uint8Array(1)), IO_ERR);
		scene.serverPort.broken = true;
		equal(server.receive(new Uint8Array(1)), IO_ERR);
		equal(scene.server.serverHandshake(false), IO_ERR);
		equal(scene.server.outcome.failure, TRANSPORT_BROKEN);
	},

	"resuming by ticket"() {
		const scene = new Scene();
		const [client, server] = scene.connect();
		for (let i = 0; i < 20; i++) {
			server.receive(new Uint8Array(1));
			client.receive(new Uint8Array(1));
		}
		equal(server.readTicket(), PARAM_ERR);
		equal(client.readTicket(), OK);
		const [again] = scene.connect(scene.client(), client.ticket);
		equal(again.sessionResumed, true);
		equal(again.option(SOCKET_SESSION_RESUMED), true);
	},

	"heartbeats: answered, unanswered, refused"() {
		const heartbeat = { heartbeat: true, heartbeatTime: 1, messageRetries: 2 };
		const scene = new Scene({ client: heartbeat, server: { ...heartbeat, heartbeatAllowPeerRequest: true } });
		const [client, server] = scene.connect();
		equal(client.beat(), OK);
		equal(client.beat(), WAIT, "one at a time");
		equal(server.receive(new Uint8Array(1)), WAIT);
		equal(client.receive(new Uint8Array(1)), WAIT);
		equal(client.beat(), OK, "it was answered");
		server.receive(new Uint8Array(1));
		client.receive(new Uint8Array(1));
		equal(server.beat(), TYPE_ERR, "the client takes none");
		scene.network.loses = () => true;
		equal(client.beat(), OK);
		let silent = 0;
		for (let i = 0; i < 50; i++) {
			if (client.receive(new Uint8Array(1)) === TIMEOUT_ERR) silent++;
			world.clock.advance(100);
		}
		equal(silent, 1);
		equal(client.state, OPERATING, "the application decides");
		const [without] = new Scene().connect();
		equal(without.beat(), TYPE_ERR);
	},

	"a client whose address changes"() {
		const ids = { connectionIdLength: 4 };
		const scene = new Scene({ client: ids, server: ids });
		const [client, server] = scene.connect();
		equal(client.connectionId.local?.length, 4);
		equal(client.connectionId.peer?.length, 4);
		equal((client.option(SOCKET_CONNECTION_ID) as Uint8Array).length, 4);
		const [port] = scene.ports;
		scene.network.ports.delete(port.address);
		(port as { address: string }).address = "memory 60000";
		scene.network.ports.set("memory 60000", port);
		equal(client.send(bytesOf("from elsewhere")), OK);
		equal(receiveText(server), "from elsewhere");
		equal(server.address, "memory 49152", "not believed yet");
		for (let i = 0; i < 20; i++) {
			server.receive(new Uint8Array(1));
			client.receive(new Uint8Array(1));
			world.clock.advance(10);
		}
		equal(server.address, "memory 60000", "it has answered there");
		equal(server.send(bytesOf("found")), OK);
		equal(receiveText(client), "found");
	},

	"renegotiation in 1.2: by either side, judged by another time, refused"() {
		const old = { maximumVersion: TLS_1_2 };
		const renegotiate = (scene: Scene, one: DtlsConnection, other: DtlsConnection, time?: number): number =>
			scene.run(() => {
				const code = one.renegotiate(time);
				other.receive(new Uint8Array(1));
				return code;
			});
		const [newest] = new Scene().connect();
		equal(newest.renegotiate(), TYPE_ERR, "1.3");
		const refusing = new Scene();
		equal(refusing.trust.setOptions(old), OK);
		equal(renegotiate(refusing, ...refusing.connect()), HS_ERR, "the server doesn't want to");
		const scene = new Scene();
		equal(scene.credentials.setOptions({ renegotiation: true }), OK);
		equal(scene.trust.setOptions({ ...old, renegotiation: true }), OK);
		const [client, server] = scene.connect();
		let lost = 0;
		scene.network.loses = () => lost++ % 3 === 0;
		equal(renegotiate(scene, client, server), OK);
		equal(renegotiate(scene, server, client), OK);
		scene.network.loses = () => false;
		equal(renegotiate(scene, client, server, NOW + 1000), OK);
		equal(client.send(bytesOf("still")), OK);
		equal(receiveText(server), "still");
		equal(renegotiate(scene, client, server, NOW + 86400 * 1000), VERIFY_ERR, "when the certificate has ended");
		equal(client.verifyResult & 1, 1, "expired");
	},

	"renegotiation with a peer that doesn't answer, and then does"() {
		const scene = new Scene({ client: { messageRetries: 2 } });
		equal(scene.credentials.setOptions({ renegotiation: true }), OK);
		equal(scene.trust.setOptions({ maximumVersion: TLS_1_2 }), OK);
		const [client, server] = scene.connect();
		scene.network.loses = () => true;
		const codes: number[] = [];
		for (let i = 0; i < 300; i++) {
			const code = client.renegotiate();
			if (code !== WAIT) codes.push(code, client.outcome.failure);
			world.clock.advance(100);
		}
		equal(codes.join(), `${TIMEOUT_ERR},${PEER_SILENT}`, "once");
		scene.network.loses = () => false;
		const again = scene.run(() => {
			server.receive(new Uint8Array(1));
			return client.renegotiate();
		}, 100000);
		equal(again, OK);
	},

	"closing: everything, and the transport or not"() {
		const scene = new Scene();
		scene.connect();
		scene.connect();
		scene.server.keepTransportOpen = true;
		equal(scene.server.close(), OK);
		equal(scene.serverPort.closed, false);
		equal(scene.serverStack.memory().connections.used, 0);
		const [client] = scene.clients;
		equal(receiveText(client.connection as DtlsConnection), "");
		equal(scene.clientStack.stop(), OK, "the stack ends the clients'");
		equal(scene.ports[0].closed && scene.ports[1].closed, true);
		equal(scene.clientStack.memory().ports.used, 0);
		equal(client.close(), OK);
	},
};
