// The host's parts together: a server and a client on the device itself, over its TCP and UDP, with its clock, entropy and
// algorithms. For the host suite.

import { CLOSED, OK, OPERATING, WAIT } from "polltls/base/status";
import { openDtlsClient } from "polltls/dtls-client";
import { openDtlsDoor } from "polltls/dtls-server";
import { DtlsSocket } from "polltls/io/dtls-socket";
import { Stack } from "polltls/io/module";
import { ConnectionInfo, type NativeConnection, START } from "polltls/io/native-connection";
import { NativeTcp } from "polltls/io/native-tcp";
import type { Security } from "polltls/io/security";
import { TlsSocket } from "polltls/io/tls-socket";
import type { DatagramNetwork } from "polltls/os/os";
import { encodePrivateKey } from "polltls/pki/key-writer";
import { openTlsClient } from "polltls/tls-client";
import { openTlsServer } from "polltls/tls-server";
import type { Check, Checks, HostUnderTest } from "../host-suite.js";
import { TestPki } from "../pair/harness.js";
import { bytesFrom, equal, same, until } from "./steps.js";

/** Milliseconds for a handshake: two sides on one slow device. */
const SLOW = 120000;
const sizes = { receiveBufferSize: 2048, maxDataLength: 1024, dataBufferSize: 1024, handshakeStoreSize: 4096, flightStoreSize: 2048 };

export function handshakeChecks({ datagrams }: HostUnderTest): Checks {
	return {
		"handshakes: the native interface and a socket over TCP": streams,
		"handshakes: sockets over UDP": datagrams === undefined ? "the host has no UDP" : overDatagrams,
	};
}

class Sides {
	readonly client: Stack;
	readonly server: Stack;
	readonly trust: Security;
	readonly credentials: Security;

	constructor(host: HostUnderTest, dtls: boolean) {
		const { device, registry } = host;
		const now = device.clock.seconds();
		const pki = new TestPki(registry, now < 0 ? undefined : Math.floor(now));
		[this.client, this.server] = [0, 1].map(() => {
			const { clock, entropy, log } = device;
			const linked = { openTlsClient, openTlsServer, openDtlsClient, openDtlsDoor };
			const stack = new Stack({ clock, entropy, log, linked, memory: host.memory, createLock: host.createLock });
			equal(
				stack.init({ ...sizes, dtls, checkCertificateExpiry: now >= 0, nativeInterface: !dtls, dtlsNativeInterface: false }),
				OK,
				`init: ${stack.complaint}`,
			);
			const { hashes, bulks, signatures, keyExchanges } = registry;
			for (let i = 0; i < hashes.length; i++) equal(stack.registerHash(i, hashes[i]), OK, "registerHash");
			for (let i = 0; i < bulks.length; i++) equal(stack.registerBulk(i, bulks[i]), OK, "registerBulk");
			for (let i = 0; i < signatures.length; i++) equal(stack.registerSign(i, signatures[i]), OK, "registerSign");
			for (let i = 0; i < keyExchanges.length; i++) equal(stack.registerKeyExchange(i, keyExchanges[i]), OK, "registerKeyExchange");
			equal(stack.start(), OK, "start");
			return stack;
		});
		this.trust = this.client.createSecurity() as Security;
		equal(this.trust.setRootCaCert(pki.trust.anchors[0].bytes), OK, "setRootCaCert");
		this.credentials = this.server.createSecurity() as Security;
		equal(this.credentials.setClientCertKey(pki.server.chain[0], encodePrivateKey(pki.server.key)), OK, "setClientCertKey");
	}

	/** Ends both; nothing may be left. */
	end(): void {
		for (const stack of [this.client, this.server]) {
			const { connections, ports, buffers } = stack.memory();
			equal(connections.used + ports.used + buffers.used, 0, "bytes still in use");
			equal(stack.stop(), OK, "stop");
			equal(stack.delete(), OK, "delete");
		}
	}
}

const streams: Check = function* (host) {
	const { device, address, streamPort } = host;
	const sides = new Sides(host, false);
	const { client, server } = sides;
	const tcp = new NativeTcp(server, device, sides.credentials);
	const info = new ConnectionInfo(undefined, START);
	equal(tcp.accept(streamPort, info), WAIT, "accept");
	const socket = new TlsSocket(client, device.connect(address, streamPort), sides.trust);
	let code = WAIT;
	let due = 0;
	yield* until(
		host,
		"the handshake",
		() => {
			if (code === WAIT) code = socket.clientHandshake("localhost");
			if (info.connection === undefined) tcp.accept(streamPort, info);
			due = Math.min(server.poll(), code === WAIT ? socket.outcome.wakeAt : Number.POSITIVE_INFINITY);
			return code !== WAIT && info.connection?.state === OPERATING;
		},
		() => due,
		SLOW,
	);
	equal(code, OK, `the client's handshake, failure ${socket.outcome.failure >> 16}`);
	const connection = info.connection as NativeConnection;
	const bytes = bytesFrom(5000, 11);
	const got = new Uint8Array(bytes.length);
	const nothing = new Uint8Array(1);
	let sent = 0;
	let received = 0;
	yield* until(
		host,
		"5000 bytes",
		() => {
			while (sent < bytes.length && socket.send(bytes, sent) === OK) sent += socket.outcome.count;
			if (sent === bytes.length) socket.receive(nothing); // what it has taken goes out with the next calls
			due = Math.min(server.poll(), socket.outcome.wakeAt);
			while (received < got.length && connection.receive(got, received) === OK) received += connection.outcome.count;
			return received === got.length;
		},
		() => Math.min(due, connection.outcome.wakeAt),
	);
	same(got, bytes, "what has come");
	socket.close();
	yield* until(
		host,
		"close_notify",
		() => {
			due = Math.min(client.poll(), server.poll());
			return connection.receive(got) === OK && connection.outcome.count === 0;
		},
		() => due,
	);
	connection.close();
	tcp.closePort(streamPort);
	yield* until(
		host,
		"closed",
		() => {
			due = Math.min(client.poll(), server.poll());
			return connection.ended && socket.state === CLOSED && client.memory().connections.used === 0;
		},
		() => due,
	);
	sides.end();
};

const overDatagrams: Check = function* (host) {
	const { address, datagramPort } = host;
	const network = host.datagrams as DatagramNetwork;
	const sides = new Sides(host, true);
	const server = new DtlsSocket(sides.server, network.open(datagramPort), sides.credentials);
	const client = new DtlsSocket(sides.client, network.open(0), sides.trust);
	const peer = `${address} ${datagramPort}`;
	const codes = [WAIT, WAIT];
	yield* until(
		host,
		"the handshake",
		() => {
			if (codes[0] === WAIT) codes[0] = client.clientHandshake(peer, "localhost");
			else client.connection?.receive(new Uint8Array(1)); // acknowledges, and sends again
			if (codes[1] === WAIT) codes[1] = server.serverHandshake(false);
			return codes[0] !== WAIT && codes[1] !== WAIT;
		},
		() => Math.min(client.outcome.wakeAt, server.outcome.wakeAt, client.connection?.outcome.wakeAt ?? 0),
		SLOW,
	);
	equal(codes.join(), `${OK},${OK}`, `the codes, failures ${client.outcome.failure >> 16}, ${server.outcome.failure >> 16}`);
	const bytes = bytesFrom(500, 13);
	const got = new Uint8Array(600);
	const { clock } = host.device;
	let sendAt = 0;
	yield* until(
		host,
		"500 bytes",
		() => {
			if (clock.ticks() >= sendAt) client.connection?.send(bytes);
			if (clock.ticks() >= sendAt) sendAt = clock.ticks() + 1000;
			return server.connection?.receive(got) === OK;
		},
		() => Math.min(sendAt, server.connection?.outcome.wakeAt ?? 0),
	);
	same(got.slice(0, server.connection?.outcome.count), bytes, "what has come");
	client.close();
	server.close();
	yield* until(
		host,
		"closed",
		() => {
			sides.client.poll();
			sides.server.poll();
			return sides.client.memory().ports.used + sides.server.memory().ports.used === 0;
		},
		() => clock.ticks() + 20,
	);
	sides.end();
};
