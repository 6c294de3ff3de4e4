// The TLS socket as a socket: in the place of a transport, over transports that block, on connections in use, with options,
// with records of DANE, and over hardware that does TLS itself.

import { OFFLOAD_BROKEN, OFFLOAD_NOT_SECURE, OFFLOAD_OPTION_REFUSED } from "polltls/base/failure";
import {
	CLOSED,
	HANDSHAKE,
	HS_ERR,
	INIT_ERR,
	IO_ERR,
	NOT_FOUND_ERR,
	NULL_PTR_ERR,
	OK,
	OPERATING,
	PARAM_ERR,
	TYPE_ERR,
	VERIFY_ERR,
	WAIT,
} from "polltls/base/status";
import { sha256, sha512 } from "polltls/crypto/types";
import type { Security } from "polltls/io/security";
import { TlsSocket } from "polltls/io/tls-socket";
import { type MemoryStream, streamPair } from "polltls/os/in-memory-network";
import {
	OFFLOAD_REFUSED,
	OFFLOAD_SECURE,
	OFFLOAD_WORKING,
	type OffloadTransport,
	SOCKET_CA_CERT,
	SOCKET_CLIENT_CERT,
	SOCKET_CLIENT_KEY,
	SOCKET_DANE_TLSA,
	SOCKET_ENABLE,
	SOCKET_HOSTNAME,
	SOCKET_SESSION_RESUMED,
	type SocketControls,
	type SocketOption,
	type StreamTransport,
	TRANSPORT_CLOSED,
	TRANSPORT_FAILED,
	WOULD_BLOCK,
} from "polltls/os/os";
import { Certificate } from "polltls/pki/certificate";
import { encodePrivateKey } from "polltls/pki/key-writer";
import {
	TLSA_CERT,
	TLSA_DANE_EE,
	TLSA_DANE_TA,
	TLSA_FULL,
	TLSA_PKIX_EE,
	TLSA_PKIX_TA,
	TLSA_SHA2_256,
	TLSA_SHA2_512,
	TLSA_SPKI,
	type TlsaRecord,
} from "polltls/pki/tlsa";
import { bytesOf, equal, textOf, until, World } from "./harness.js";
import { Two } from "./tls-socket.js";

const world = new World();

/** A protocol that knows nothing of TLS: sends a line to any transport and gathers what comes back until the transport is closed. */
class LineClient {
	text = "";
	ended = 0;
	readonly #transport: StreamTransport;
	readonly #out: Uint8Array;
	#at = 0;
	readonly #in = new Uint8Array(16);

	constructor(transport: StreamTransport, line: string) {
		this.#transport = transport;
		this.#out = bytesOf(line);
	}

	poll(): void {
		if (this.#at < this.#out.length) {
			const count = this.#transport.write(this.#out, this.#at, this.#out.length);
			if (count < 0) this.ended = count;
			else this.#at += count;
		}
		const count = this.#transport.read(this.#in, 0, this.#in.length);
		if (count > 0) this.text += textOf(this.#in, count);
		else if (count < 0) this.ended = count;
	}
}

/** A transport that blocks: when there is nothing to read it lets the other side work until there is, or until its time-out. */
class BlockingStream implements StreamTransport, SocketControls {
	readonly #end: MemoryStream;
	readonly #other: () => void;
	blocking = true;
	timeout = -1;
	signal: (() => void) | undefined = undefined;

	constructor(end: MemoryStream, other: () => void) {
		this.#end = end;
		this.#other = other;
	}
	read(bytes: Uint8Array, at: number, end: number): number {
		let count = this.#end.read(bytes, at, end);
		for (let turns = 0; this.blocking && count === WOULD_BLOCK && turns < (this.timeout < 0 ? 5000 : this.timeout); turns++) {
			this.#other();
			count = this.#end.read(bytes, at, end);
		}
		if (this.blocking && this.timeout < 0 && count === WOULD_BLOCK) throw new Error("it blocks for ever");
		return count;
	}
	write(bytes: Uint8Array, at: number, end: number): number {
		return this.#end.write(bytes, at, end);
	}
	close(): void {
		this.#end.close();
	}
	setBlocking(blocking: boolean): boolean {
		this.blocking = blocking;
		return true;
	}
	setTimeout(milliseconds: number): boolean {
		this.timeout = milliseconds;
		return true;
	}
	sigio(callback: (() => void) | undefined): boolean {
		this.signal = callback;
		return true;
	}
	setOption(option: number, value: SocketOption): boolean {
		return option === 1000 && value === 7;
	}
	option(option: number): SocketOption {
		return option === 1000 ? 7 : undefined;
	}
}

/** A modem: what it is told, and what comes out of its other end in the clear. */
class Modem implements OffloadTransport {
	offload = OFFLOAD_WORKING;
	readonly told: { option: number; value: SocketOption }[] = [];
	refuses = 0;
	closed = false;
	broken = false;
	readonly inside: MemoryStream;
	readonly #plain: MemoryStream;

	constructor() {
		[this.inside, this.#plain] = streamPair();
	}
	setOption(option: number, value: SocketOption): boolean {
		this.told.push({ option, value: value instanceof Uint8Array ? value.slice() : value });
		return option !== this.refuses;
	}
	read(bytes: Uint8Array, at: number, end: number): number {
		return this.broken ? TRANSPORT_FAILED : this.#plain.read(bytes, at, end);
	}
	write(bytes: Uint8Array, at: number, end: number): number {
		return this.broken ? TRANSPORT_FAILED : this.#plain.write(bytes, at, end);
	}
	close(): void {
		this.closed = true;
		this.#plain.close();
	}
}

function modemSocket(modem = new Modem()): { socket: TlsSocket; modem: Modem; security: Security } {
	const stack = world.stack();
	const security = world.credentials(stack, false);
	return { socket: new TlsSocket(stack, modem, security), modem, security };
}

function digest(hash: number, bytes: Uint8Array, at: number, end: number): Uint8Array {
	const algorithm = world.registry.hash(hash);
	if (algorithm === undefined) throw new Error("no such hash");
	const running = algorithm.create();
	running.update(bytes, at, end);
	const out = new Uint8Array(algorithm.hashLength);
	running.digest(out, 0);
	return out;
}

/** A record of a certificate. */
function tlsa(usage: number, selector: number, matchingType: number, certificate: Uint8Array): TlsaRecord {
	const decoded = new Certificate();
	equal(decoded.decode(certificate, 0, certificate.length), 0);
	const { infoAt, infoEnd } = decoded.publicKey;
	const [at, end] = selector === TLSA_CERT ? [0, certificate.length] : [infoAt, infoEnd];
	const data = matchingType === TLSA_FULL ? certificate.slice(at, end) : digest(matchingType === TLSA_SHA2_256 ? sha256 : sha512, certificate, at, end);
	return { usage, selector, matchingType, data };
}

/** What a handshake with these records answers the client. */
function withRecords(records: TlsaRecord[], trusts: boolean): number {
	const two = new Two({ trust: (security) => void (trusts || (security.trust.anchors.length = 0)) });
	equal(two.client.setDaneTlsa(records), OK);
	equal(two.client.daneTlsa.length, records.length);
	return Number(two.shake().split(",")[0]);
}

export const cases: Record<string, () => void> = {
	"a program for plain transports runs over it unchanged"() {
		const two = new Two();
		equal(two.client.clientHandshake("localhost"), WAIT);
		equal(two.client.connecting, true);
		const program = new LineClient(two.client, "a line for the server\n");
		const buffer = new Uint8Array(100);
		let got = "";
		for (let i = 0; i < 5000 && program.ended === 0; i++) {
			program.poll();
			if (two.server.serverHandshake(false) !== OK) continue;
			if (two.server.receive(buffer) === OK) got += textOf(buffer, two.server.outcome.count);
			if (!got.endsWith("\n")) continue;
			two.server.send(bytesOf("an answer that is longer than its buffer"));
			two.server.close();
			got += "done";
		}
		equal(got, "a line for the server\ndone");
		equal(program.text, "an answer that is longer than its buffer");
		equal(program.ended, TRANSPORT_CLOSED);
		equal(two.client.connecting, false);
	},

	"read and write answer as a transport"() {
		const two = new Two();
		const byte = new Uint8Array(1);
		equal(two.client.read(byte, 0, 1), TRANSPORT_FAILED, "nobody has said whom to talk to");
		equal(two.client.write(byte, 0, 1), TRANSPORT_FAILED);
		equal(two.client.setOption(SOCKET_HOSTNAME, "localhost"), true);
		equal(two.client.option(SOCKET_HOSTNAME), "localhost");
		equal(two.client.write(byte, 0, 1), WOULD_BLOCK, "it begins by itself");
		equal(two.client.state, HANDSHAKE);
		equal(two.client.read(byte, 0, 1), WOULD_BLOCK);
		equal(two.shake(), "0,0");
		equal(two.client.write(byte, 0, 1), 1);
		equal(two.server.read(byte, 0, 1), 1);
		equal(two.server.read(byte, 0, 1), WOULD_BLOCK);
		two.client.close();
		equal(two.server.read(byte, 0, 1), TRANSPORT_CLOSED);
		equal(two.client.option(SOCKET_SESSION_RESUMED), false);
	},

	"over a transport that is still being connected"() {
		const two = new Two();
		two.clientEnd.connecting = true;
		for (let i = 0; i < 100; i++) equal(two.client.clientHandshake("localhost"), WAIT);
		two.clientEnd.connecting = false;
		equal(two.shake(), "0,0");
	},

	"over a transport that blocks"() {
		const two = new Two();
		const echo = new Uint8Array(100);
		let pending = 0;
		const transport = new BlockingStream(two.clientEnd, () => {
			if (two.server.serverHandshake(false) !== OK) return;
			if (pending === 0 && two.server.receive(echo) === OK) pending = two.server.outcome.count;
			if (pending > 0 && two.server.send(echo, 0, pending) === OK) pending = 0;
		});
		const socket = new TlsSocket(two.clientStack, transport, two.trust);
		equal(socket.setBlocking(true), true);
		equal(transport.blocking, true);
		equal(socket.clientHandshake("localhost"), OK, "one call");
		equal(socket.send(bytesOf("question")), OK);
		equal(socket.outcome.count, 8);
		const buffer = new Uint8Array(100);
		equal(socket.receive(buffer), OK, "one call, though a ticket comes before the data");
		equal(textOf(buffer, socket.outcome.count), "question");
		equal(socket.setTimeout(20), true);
		equal(socket.receive(buffer), WAIT, "its time-out");
		equal(socket.setBlocking(false), true);
		equal(socket.receive(buffer), WAIT);
		equal(socket.close(), OK);
	},

	"polled over a transport that blocks"() {
		const two = new Two();
		const transport = new BlockingStream(two.clientEnd, () => void two.server.serverHandshake(false));
		const socket = new TlsSocket(two.clientStack, transport, two.trust);
		let code = WAIT;
		for (let i = 0; i < 5000 && code === WAIT; i++) code = socket.clientHandshake("localhost");
		equal(code, OK, "it reads only what it needs");
		equal(socket.send(bytesOf("x")), OK, "sending doesn't read");
	},

	"what a plain socket has besides"() {
		const two = new Two();
		const { client } = two;
		equal(client.setBlocking(true), false, "a transport that never blocks");
		equal(client.setTimeout(10), false);
		equal(
			client.sigio(() => {}),
			false,
		);
		equal(client.setOption(1000, 7), false);
		equal(client.option(1000), undefined);
		const transport = new BlockingStream(two.clientEnd, () => {});
		const socket = new TlsSocket(two.clientStack, transport, two.trust);
		const told = (): void => {};
		equal(socket.sigio(told), true);
		equal(transport.signal, told);
		equal(socket.setOption(1000, 7), true);
		equal(socket.setOption(1000, 8), false);
		equal(socket.option(1000), 7);
		equal(socket.listen(), TYPE_ERR);
		equal(socket.accept(), TYPE_ERR);
		equal(two.shake(), "0,0");
		equal(client.sendTo("elsewhere", bytesOf("hello")), OK);
		const buffer = new Uint8Array(10);
		equal(two.server.receiveFrom("nowhere", buffer), OK);
		equal(textOf(buffer, two.server.outcome.count), "hello", "the address is ignored");
	},

	"closing: with the transport, or without"() {
		for (const keep of [false, true]) {
			const two = new Two();
			equal(two.client.keepTransportOpen, false);
			two.client.keepTransportOpen = keep;
			two.shake();
			equal(two.client.close(), OK);
			equal(two.clientEnd.closed, !keep);
		}
	},

	"decorate: plain, secured, plain again"() {
		const two = new Two();
		const { clientEnd, serverEnd } = two;
		const byte = new Uint8Array(20);
		clientEnd.write(bytesOf("STARTTLS\n"), 0, 9);
		equal(textOf(byte, serverEnd.read(byte, 0, 20)), "STARTTLS\n");
		serverEnd.write(bytesOf("go ahead\n"), 0, 9);
		equal(textOf(byte, clientEnd.read(byte, 0, 20)), "go ahead\n");
		two.client = TlsSocket.decorate(two.clientStack, clientEnd, two.trust);
		two.server = TlsSocket.decorate(two.serverStack, serverEnd, two.credentials);
		equal(two.shake(), "0,0");
		equal(two.carry(two.client, two.server, "secret"), "secret");
		equal(two.client.close(), OK);
		equal(two.server.receive(byte), OK);
		equal(two.server.outcome.count, 0);
		equal(two.server.close(), OK);
		while (clientEnd.waiting > 0) clientEnd.read(byte, 0, 20); // the server's close_notify
		equal(clientEnd.closed || serverEnd.closed, false);
		clientEnd.write(bytesOf("plain\n"), 0, 6);
		equal(textOf(byte, serverEnd.read(byte, 0, 20)), "plain\n");
	},

	"the configuration: shared, replaced, changed"() {
		const two = new Two();
		const stack = two.clientStack;
		const empty = stack.createSecurity() as Security;
		const [end] = streamPair();
		const socket = new TlsSocket(stack, end, empty);
		equal(socket.config, empty);
		equal(socket.setConfig(undefined as unknown as Security), NULL_PTR_ERR);
		equal(socket.setRootCaCert("nothing"), NOT_FOUND_ERR);
		equal(socket.outcome.failure !== 0, true);
		equal(socket.setRootCaCert(world.pki.trust.anchors[0].bytes), OK);
		equal(empty.trust.anchors.length, 1);
		equal(socket.setClientCertKey(world.pki.client.chain[0], encodePrivateKey(world.pki.client.key)), OK);
		equal(empty.credentials.length, 1);
		equal(socket.setConfig(two.trust), OK);
		equal(socket.config, two.trust);
		equal(socket.clientHandshake("localhost"), WAIT);
		equal(socket.setConfig(empty), INIT_ERR, "it has begun");
	},

	"options begin a handshake as they do in hardware"() {
		const two = new Two();
		const security = two.clientStack.createSecurity() as Security;
		const socket = new TlsSocket(two.clientStack, two.clientEnd, security);
		two.client = socket;
		equal(socket.setOption(SOCKET_CA_CERT, "nothing"), false);
		equal(socket.setOption(SOCKET_CA_CERT, world.pki.trust.anchors[0].bytes), true);
		equal(socket.setOption(SOCKET_CLIENT_CERT, world.pki.client.chain[0]), true);
		equal(socket.setOption(SOCKET_CLIENT_KEY, new Uint8Array([0x30, 0])), false);
		equal(socket.setOption(SOCKET_CLIENT_KEY, encodePrivateKey(world.pki.client.key)), true);
		equal(socket.setOption(SOCKET_ENABLE, true), false, "no name yet");
		equal(socket.setOption(SOCKET_HOSTNAME, "localhost"), true);
		equal(socket.setOption(SOCKET_ENABLE, true), true);
		equal(two.shake(undefined, true), "0,0");
	},

	"DANE: every usage, selector and matching type"() {
		const [leaf] = world.pki.server.chain;
		const root = world.pki.trust.anchors[0].bytes;
		for (const selector of [TLSA_CERT, TLSA_SPKI])
			for (const type of [TLSA_FULL, TLSA_SHA2_256, TLSA_SHA2_512]) {
				equal(withRecords([tlsa(TLSA_DANE_EE, selector, type, leaf)], false), OK, `3 ${selector} ${type}`);
				equal(withRecords([tlsa(TLSA_PKIX_EE, selector, type, leaf)], true), OK, `1 ${selector} ${type}`);
			}
		equal(withRecords([tlsa(TLSA_PKIX_TA, TLSA_SPKI, TLSA_SHA2_256, root)], true), OK, "0");
		equal(withRecords([tlsa(TLSA_PKIX_EE, TLSA_SPKI, TLSA_SHA2_256, leaf)], false), VERIFY_ERR, "1 needs a valid path as well");
		for (const usage of [TLSA_PKIX_TA, TLSA_PKIX_EE, TLSA_DANE_TA, TLSA_DANE_EE])
			equal(withRecords([tlsa(usage, TLSA_SPKI, TLSA_SHA2_256, world.pki.client.chain[0])], true), VERIFY_ERR, `${usage}: of another`);
		equal(
			withRecords([tlsa(TLSA_DANE_EE, TLSA_SPKI, TLSA_SHA2_256, world.pki.client.chain[0]), tlsa(TLSA_DANE_EE, TLSA_CERT, TLSA_FULL, leaf)], false),
			OK,
			"one is enough",
		);
	},

	"DANE: one connection's records are its own"() {
		const two = new Two({ client: { maxConnections: 2 }, server: { maxConnections: 2 } });
		const record = tlsa(TLSA_DANE_EE, TLSA_SPKI, TLSA_SHA2_256, world.pki.client.chain[0]);
		equal(two.client.setDaneTlsa(undefined as unknown as TlsaRecord[]), NULL_PTR_ERR);
		equal(two.client.setDaneTlsa([{ ...record, data: new Uint8Array(5) }]), PARAM_ERR);
		equal(two.client.setOption(SOCKET_DANE_TLSA, [record]), true);
		equal(two.client.option(SOCKET_DANE_TLSA), two.client.daneTlsa);
		equal(two.shake(), `${VERIFY_ERR},${HS_ERR}`);
		equal(two.client.setDaneTlsa([]), INIT_ERR, "it has begun");
		two.client.close();
		two.server.close();
		two.again();
		equal(two.shake(), "0,0");
	},

	"offload: options go down, no TLS runs here"() {
		const { socket, modem } = modemSocket();
		equal(socket.clientHandshake("server.example"), WAIT);
		equal(socket.state, HANDSHAKE);
		const kinds = modem.told.map(({ option }) => option).join();
		equal(kinds, [SOCKET_HOSTNAME, SOCKET_CA_CERT, SOCKET_CLIENT_CERT, SOCKET_CLIENT_KEY, SOCKET_ENABLE].join());
		equal(modem.told[0].value, "server.example");
		const same = (value: SocketOption, bytes: Uint8Array): boolean => String(value) === String(bytes);
		equal(same(modem.told[1].value, world.pki.trust.anchors[0].bytes), true);
		equal(same(modem.told[2].value, world.pki.client.chain[0]), true);
		equal(same(modem.told[3].value, encodePrivateKey(world.pki.client.key)), true);
		equal(socket.send(bytesOf("x")), WAIT);
		equal(modem.inside.waiting, 0, "nothing goes out in the clear");
		modem.offload = OFFLOAD_SECURE;
		equal(socket.clientHandshake("server.example"), OK);
		equal(socket.state, OPERATING);
		equal(modem.told.length, 5, "once");
		equal(socket.send(bytesOf("as it is")), OK);
		const buffer = new Uint8Array(20);
		equal(textOf(buffer, modem.inside.read(buffer, 0, 20)), "as it is");
		modem.inside.write(bytesOf("and back"), 0, 8);
		equal(socket.receive(buffer), OK);
		equal(textOf(buffer, socket.outcome.count), "and back");
		equal(socket.receive(buffer), WAIT);
		equal(socket.readTicket(), NOT_FOUND_ERR);
		equal(socket.renegotiate(), TYPE_ERR);
		modem.inside.close();
		equal(socket.receive(buffer), OK);
		equal(socket.outcome.count, 0);
		equal(socket.close(), OK);
		equal(modem.closed, true);
		equal(socket.state, CLOSED);
	},

	"offload: the same program above it"() {
		const { socket, modem } = modemSocket();
		equal(socket.clientHandshake("server.example"), WAIT);
		const program = new LineClient(socket, "a line\n");
		program.poll();
		modem.offload = OFFLOAD_SECURE;
		modem.inside.write(bytesOf("answer"), 0, 6);
		for (let i = 0; i < 10; i++) program.poll();
		equal(program.text, "answer");
		equal(modem.inside.waiting, 7);
	},

	"offload: what can go wrong"() {
		const refused = modemSocket();
		equal(refused.socket.clientHandshake("server.example"), WAIT);
		refused.modem.offload = OFFLOAD_REFUSED;
		equal(refused.socket.clientHandshake("server.example"), HS_ERR);
		equal(refused.socket.outcome.failure, OFFLOAD_NOT_SECURE);
		for (const option of [SOCKET_HOSTNAME, SOCKET_CA_CERT, SOCKET_CLIENT_KEY, SOCKET_ENABLE]) {
			const modem = new Modem();
			modem.refuses = option;
			const { socket } = modemSocket(modem);
			equal(socket.clientHandshake("server.example"), PARAM_ERR);
			equal(socket.outcome.failure, OFFLOAD_OPTION_REFUSED);
		}
		const { socket, modem } = modemSocket();
		equal(socket.serverHandshake(false), PARAM_ERR, "it has no server's side");
		modem.offload = OFFLOAD_SECURE;
		equal(socket.clientHandshake("server.example"), OK);
		modem.broken = true;
		equal(socket.receive(new Uint8Array(1)), IO_ERR);
		equal(socket.outcome.failure, OFFLOAD_BROKEN);
		equal(socket.send(new Uint8Array(1)), IO_ERR);
	},

	"two sockets over each other"() {
		const two = new Two({ client: { maxConnections: 2 }, server: { maxConnections: 2 } });
		equal(two.shake(), "0,0");
		const outer = { client: two.client, server: two.server };
		const inner = { client: new TlsSocket(two.clientStack, outer.client, two.trust), server: new TlsSocket(two.serverStack, outer.server, two.credentials) };
		const codes = until(
			world,
			() => inner.client.clientHandshake("localhost"),
			() => inner.server.serverHandshake(false),
		);
		equal(codes.join(), "0,0", "a socket is a transport");
		equal(two.carry(inner.client, inner.server, "twice wrapped"), "twice wrapped");
		equal(inner.client.close(), OK);
		equal(outer.client.ended, true);
	},
};
