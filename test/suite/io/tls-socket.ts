// The TLS socket: every call with every code it may answer, in each state; the socket as a transport; over streams of every
// kind.

import { CLOSED, HANDSHAKE, NOT_FOUND_ERR, OK, OPERATING, WAIT } from "polltls/base/status";
import { TlsSocket } from "polltls/io/tls-socket";
import { type MemoryStream, streamPair } from "polltls/os/in-memory-network";
import { bytesOf, equal, textOf, until, World } from "./harness.js";

class Two {
	readonly world: World;
	readonly client: TlsSocket;
	readonly server: TlsSocket;
	readonly clientEnd: MemoryStream;
	readonly serverEnd: MemoryStream;

	constructor(world = new World()) {
		this.world = world;
		const clientStack = world.stack();
		const serverStack = world.stack();
		[this.clientEnd, this.serverEnd] = streamPair();
		this.client = new TlsSocket(clientStack, this.clientEnd, world.trust(clientStack));
		this.server = new TlsSocket(serverStack, this.serverEnd, world.credentials(serverStack));
	}

	shake(): [number, number] {
		return until(
			this.world,
			() => this.client.clientHandshake("localhost"),
			() => this.server.serverHandshake(false),
		);
	}
}

export const cases: Record<string, () => void> = {
	"handshake, data both ways, close"() {
		const two = new Two();
		equal(two.client.state, CLOSED);
		equal(two.client.clientHandshake("localhost"), WAIT);
		equal(two.client.state, HANDSHAKE);
		const [client, server] = two.shake();
		equal(client, OK);
		equal(server, OK);
		equal(two.client.state, OPERATING);
		equal(two.client.send(bytesOf("hello")), OK);
		equal(two.client.outcome.count, 5);
		const buffer = new Uint8Array(100);
		equal(two.server.receive(buffer), OK);
		equal(textOf(buffer, two.server.outcome.count), "hello");
		equal(two.server.receive(buffer), WAIT);
		equal(two.client.close(), OK);
		equal(two.client.close(), NOT_FOUND_ERR);
		equal(two.server.receive(buffer), OK);
		equal(two.server.outcome.count, 0);
		equal(two.server.close(), OK);
	},
};
