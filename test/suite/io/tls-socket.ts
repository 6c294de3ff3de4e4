// The TLS socket: every call with every code it may answer, in each state.

import {
	ALERT_RECEIVED,
	ARGUMENT_MISSING,
	ARGUMENT_REFUSED,
	CERTIFICATE_ISSUER_UNKNOWN,
	CONNECTION_UNKNOWN,
	CONNECTIONS_EXHAUSTED,
	HANDSHAKE_LATE,
	HANDSHAKE_NOT_BEGUN,
	HEARTBEAT_UNANSWERED,
	OPERATION_UNSUPPORTED,
	STACK_NOT_READY,
	TICKET_NOT_GIVEN,
	TICKET_TOO_LONG,
	TICKET_UNKNOWN,
	TRANSPORT_BROKEN,
	TRANSPORT_ENDED,
} from "polltls/base/failure";
import {
	CERTIFICATE_ERR,
	CLOSED,
	ENCRYPTION_MODULE_ERR,
	FULL_ERR,
	HANDSHAKE,
	HEARTBEAT_TIMEOUT_ERR,
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
	WANTS_INPUT,
	WANTS_OUTPUT,
	WANTS_TIMER,
} from "polltls/base/status";
import type { Verdict } from "polltls/handshake/auth";
import type { Configuration } from "polltls/io/configuration";
import { Stack } from "polltls/io/module";
import type { Security } from "polltls/io/security";
import type { Ticket } from "polltls/io/tickets";
import { TlsSocket } from "polltls/io/tls-socket";
import { type MemoryStream, streamPair } from "polltls/os/in-memory-network";
import { nameText } from "polltls/pki/name-text";
import { TLS_1_2 } from "polltls/wire/registry";
import { bytesOf, equal, NOW, textOf, until, World } from "./harness.js";

const world = new World();

interface TwoOptions {
	client?: Partial<Configuration>;
	server?: Partial<Configuration>;
	/** Hands on the security configurations before they are used. */
	trust?: (security: Security) => void;
	credentials?: (security: Security) => void;
}

/** A client and a server, each with its own stack. */
export class Two {
	readonly clientStack: Stack;
	readonly serverStack: Stack;
	client: TlsSocket;
	server: TlsSocket;
	clientEnd: MemoryStream;
	serverEnd: MemoryStream;
	readonly trust: Security;
	readonly credentials: Security;

	constructor({ client = {}, server = {}, trust, credentials }: TwoOptions = {}) {
		this.clientStack = world.stack(client);
		this.serverStack = world.stack(server);
		this.trust = world.trust(this.clientStack);
		this.credentials = world.credentials(this.serverStack);
		trust?.(this.trust);
		credentials?.(this.credentials);
		[this.clientEnd, this.serverEnd] = streamPair();
		this.client = new TlsSocket(this.clientStack, this.clientEnd, this.trust);
		this.server = new TlsSocket(this.serverStack, this.serverEnd, this.credentials);
	}

	/** Handshakes until both have an answer. */
	shake(ticket?: Ticket | TlsSocket, verifyClient = false): string {
		const codes = until(
			world,
			() => this.client.clientHandshake("localhost", ticket),
			() => this.server.serverHandshake(verifyClient),
		);
		return codes.join();
	}

	/** Another connection between the same stacks. */
	again(): void {
		[this.clientEnd, this.serverEnd] = streamPair();
		this.client = new TlsSocket(this.clientStack, this.clientEnd, this.trust);
		this.server = new TlsSocket(this.serverStack, this.serverEnd, this.credentials);
	}

	/** Lets both work: tickets arrive. */
	settle(): void {
		const nothing = new Uint8Array(1);
		for (let i = 0; i < 10; i++) {
			this.server.receive(nothing);
			this.client.receive(nothing);
		}
	}

	/** One sends, the other receives: the text that has come. */
	carry(from: TlsSocket, to: TlsSocket, text: string): string {
		const bytes = bytesOf(text);
		const buffer = new Uint8Array(4096);
		let sent = 0;
		let received = "";
		for (let i = 0; i < 100000 && received.length < text.length; i++) {
			if (sent < bytes.length && from.send(bytes, sent) === OK) sent += from.outcome.count;
			else from.receive(new Uint8Array(1)); // lets it work
			if (to.receive(buffer) === OK) received += textOf(buffer, to.outcome.count);
		}
		return received;
	}
}

export const cases: Record<string, () => void> = {
	"before the handshake"() {
		const { client } = new Two();
		equal(client.state, CLOSED);
		equal(client.send(bytesOf("x")), HS_ERR);
		equal(client.outcome.failure, HANDSHAKE_NOT_BEGUN);
		equal(client.receive(new Uint8Array(1)), HS_ERR);
		equal(client.readTicket(), PARAM_ERR);
		equal(client.renegotiate(), HS_ERR);
		equal(client.verifyResult, 0);
		equal(client.sessionResumed, false);
		equal(client.serverTime, 0);
		equal(client.close(), OK);
	},

	"wrong arguments"() {
		const { client, server } = new Two({ client: { peerNameSize: 12 } });
		const nothing = undefined as unknown as string;
		equal(client.clientHandshake(nothing), NULL_PTR_ERR);
		equal(client.outcome.failure, ARGUMENT_MISSING);
		equal(client.clientHandshake(null as unknown as string), NULL_PTR_ERR);
		equal(client.clientHandshake(5 as unknown as string), PARAM_ERR);
		equal(client.outcome.failure, ARGUMENT_REFUSED);
		equal(client.clientHandshake(""), PARAM_ERR, "whom it talks to must be said");
		equal(client.clientHandshake("a.b.example"), WAIT);
		equal(client.serverHandshake(false), PARAM_ERR, "it is a client");
		equal(client.close(), OK);
		equal(server.serverHandshake(true, "not a name"), PARAM_ERR);
		equal(server.outcome.cause instanceof RangeError, true);
		equal(server.serverHandshake(true, "device"), WAIT);
		equal(server.clientHandshake("localhost"), PARAM_ERR);
		const other = new Two({ client: { peerNameSize: 12 } }).client;
		equal(other.clientHandshake("longer.example"), PARAM_ERR, "13 characters");
		equal(other.clientHandshake("no name"), PARAM_ERR);
		equal(other.state, CLOSED);
		equal(other.clientHandshake("localhost"), WAIT, "a refused call leaves nothing behind");
		equal(new Two().server.serverHandshake(false, null as unknown as string), NULL_PTR_ERR);
	},

	"while the handshake goes on"() {
		const { client, server } = new Two();
		equal(client.clientHandshake("localhost"), WAIT);
		equal(client.state, HANDSHAKE);
		equal(client.outcome.count, 0);
		equal(client.outcome.failure, 0);
		equal(client.outcome.wants !== 0, true, "WAIT has a reason");
		equal(client.send(bytesOf("x")), WAIT, "nothing can be sent");
		equal(client.receive(new Uint8Array(1)), WAIT);
		equal(client.readTicket(), PARAM_ERR);
		equal(client.renegotiate(), HS_ERR);
		equal(server.serverHandshake(false), WAIT);
		equal(server.state, HANDSHAKE);
		let code = WAIT;
		for (let i = 0; i < 1000 && !(client.outcome.wants & WANTS_INPUT); i++) code = client.clientHandshake("localhost");
		equal(code, WAIT);
		equal((client.outcome.wants & WANTS_INPUT) !== 0, true, "it waits for the server");
		equal((client.outcome.wants & WANTS_TIMER) !== 0, true);
		equal(client.outcome.wakeAt < world.clock.now + 10001, true, "and has a deadline");
	},

	"open: data both ways, and close"() {
		const two = new Two();
		const { client, server } = two;
		equal(two.shake(), "0,0");
		equal(client.clientHandshake("localhost"), OK, "it stays done");
		equal(client.state, OPERATING);
		equal(client.send(bytesOf("hello")), OK);
		equal(client.outcome.count, 5);
		const buffer = new Uint8Array(100);
		equal(server.receive(buffer, 2, 4), OK);
		equal(textOf(buffer, 4), "\0\0he");
		equal(server.receive(buffer), OK);
		equal(textOf(buffer, server.outcome.count), "llo");
		equal(server.receive(buffer), WAIT);
		equal((server.outcome.wants & WANTS_INPUT) !== 0, true);
		equal(two.carry(server, client, "back"), "back");
		const nothing = undefined as unknown as Uint8Array;
		equal(client.send(nothing), NULL_PTR_ERR);
		equal(client.receive(nothing), NULL_PTR_ERR);
		equal(client.send("text" as unknown as Uint8Array, 0, 4), PARAM_ERR);
		for (const [at, end] of [
			[-1, 1],
			[2, 1],
			[0, 101],
			[0.5, 1],
		]) {
			equal(client.send(buffer, at, end), PARAM_ERR);
			equal(client.receive(buffer, at, end), PARAM_ERR);
		}
		equal(client.receive(buffer, 5, 5), PARAM_ERR, "no room");
		equal(client.send(buffer, 5, 5), OK, "nothing to send");
		equal(client.close(), OK);
		equal(two.clientEnd.closed, true);
		equal(client.state, CLOSED);
		equal(server.receive(buffer), OK);
		equal(server.outcome.count, 0, "close_notify");
		equal(server.receive(buffer), OK);
		equal(server.outcome.count, 0, "and again");
		equal(server.close(), OK);
	},

	"closed: every call"() {
		const two = new Two();
		two.shake();
		const { client } = two;
		equal(client.close(), OK);
		for (const code of [
			client.close(),
			client.clientHandshake("localhost"),
			client.serverHandshake(false),
			client.send(new Uint8Array(1)),
			client.receive(new Uint8Array(1)),
			client.readTicket(),
			client.renegotiate(),
		]) {
			equal(code, NOT_FOUND_ERR);
			equal(client.outcome.failure, CONNECTION_UNKNOWN);
		}
		equal(client.read(new Uint8Array(1), 0, 1), -1);
		equal(client.write(new Uint8Array(1), 0, 1), -1);
		equal(client.verifyResult, 0);
	},

	"a stack that isn't ready"() {
		const stack = new Stack(world.host());
		equal(stack.init({ socketInterface: true }), OK);
		const security = world.trust(stack);
		const socket = new TlsSocket(stack, streamPair()[0], security);
		equal(socket.clientHandshake("localhost"), INIT_ERR);
		equal(socket.outcome.failure, STACK_NOT_READY);
		equal(socket.serverHandshake(false), INIT_ERR);
		const without = world.stack({ socketInterface: false });
		equal(new TlsSocket(without, streamPair()[0], security).clientHandshake("localhost"), INIT_ERR);
		const unlinked = world.stack({}, { linked: {} });
		const other = new TlsSocket(unlinked, streamPair()[0], world.trust(unlinked));
		equal(other.clientHandshake("localhost"), PARAM_ERR);
		equal(other.outcome.cause instanceof TypeError, true);
		equal(unlinked.memory().connections.used, 0);
	},

	"a full pool"() {
		const stack = world.stack({ maxConnections: 1 });
		const security = world.trust(stack);
		const [end] = streamPair();
		const first = new TlsSocket(stack, streamPair()[0], security);
		const second = new TlsSocket(stack, end, security);
		equal(first.clientHandshake("localhost"), WAIT);
		equal(second.clientHandshake("localhost"), FULL_ERR);
		equal(second.outcome.failure, CONNECTIONS_EXHAUSTED);
		equal(second.serverHandshake(false), FULL_ERR);
		equal(end.closed, false, "the transport is still the caller's");
		equal(first.close(), OK);
		equal(second.clientHandshake("localhost"), WAIT, "there is room again");
	},

	"the server isn't trusted"() {
		const two = new Two({ trust: (security) => void (security.trust.anchors.length = 0) });
		equal(two.trust.setRootCaCert(world.pki.selfSigned("localhost").chain[0]), OK);
		equal(two.shake(), `${VERIFY_ERR},${HS_ERR}`);
		const { client, server } = two;
		equal(client.outcome.failure, CERTIFICATE_ISSUER_UNKNOWN);
		equal(client.verifyResult & 16, 16, "not trusted");
		const { certificate, subject } = client.verdict as Verdict;
		equal(certificate, 0);
		equal(nameText(subject, 0, subject.length), "CN=localhost");
		equal(client.state, CLOSED);
		equal(server.outcome.failure, ALERT_RECEIVED);
		for (const code of [client.clientHandshake("localhost"), client.send(new Uint8Array(1)), client.receive(new Uint8Array(1)), client.renegotiate()])
			equal(code, VERIFY_ERR, "it sticks");
		equal(client.readTicket(), PARAM_ERR);
		equal(client.read(new Uint8Array(1), 0, 1), -2);
		equal(client.write(new Uint8Array(1), 0, 1), -2);
		equal(two.clientStack.memory().connections.used > 0, true, "its memory is kept until it is closed");
		equal(client.close(), OK);
		equal(two.clientStack.memory().connections.used, 0);
	},

	"the name is another"() {
		const two = new Two();
		const [client] = until(
			world,
			() => two.client.clientHandshake("other.example"),
			() => two.server.serverHandshake(false),
		);
		equal(client, VERIFY_ERR);
		equal(two.client.verifyResult & 128, 128);
	},

	"a crypto provider that fails"() {
		const two = new Two();
		const stack = new Stack(world.host());
		equal(stack.init({ maxSessions: 0 }), OK);
		world.register(stack);
		const broken = new Error("broken");
		world.registry.bulks.forEach((bulk, index) => {
			const create = (): never => {
				throw broken;
			};
			equal(stack.registerBulk(index, { ...bulk, create }), OK);
		});
		equal(stack.start(), OK);
		two.client = new TlsSocket(stack, two.clientEnd, world.trust(stack));
		equal(two.shake().split(",")[0], `${ENCRYPTION_MODULE_ERR}`);
		equal(two.client.outcome.cause, broken);
		equal(two.client.close(), OK);
	},

	"clients that must prove themselves"() {
		const without = new Two();
		without.shake(undefined, true);
		equal(without.server.outcome.failure !== 0, true);
		equal(without.server.serverHandshake(true), CERTIFICATE_ERR);
		const clientStack = world.stack();
		const two = new Two();
		two.client = new TlsSocket(clientStack, two.clientEnd, world.credentials(clientStack, false));
		equal(two.shake(undefined, true), "0,0");
	},

	"the transport ends"() {
		const two = new Two();
		equal(two.client.clientHandshake("localhost"), WAIT);
		two.serverEnd.close();
		let code = WAIT;
		for (let i = 0; i < 1000 && code === WAIT; i++) code = two.client.clientHandshake("localhost");
		equal(code, IO_ERR);
		equal(two.client.outcome.failure, TRANSPORT_ENDED);
		const open = new Two();
		open.shake();
		open.serverEnd.close();
		code = WAIT;
		for (let i = 0; i < 10 && code === WAIT; i++) code = open.client.receive(new Uint8Array(1));
		equal(code, IO_ERR, "without a close_notify something may be missing");
	},

	"the transport breaks"() {
		const two = new Two();
		two.shake();
		two.clientEnd.broken = true;
		two.client.send(new Uint8Array(1));
		equal(two.client.send(new Uint8Array(1)), IO_ERR);
		equal(two.client.outcome.failure, TRANSPORT_BROKEN);
		equal(two.client.receive(new Uint8Array(1)), IO_ERR);
		equal(two.client.close(), OK);
	},

	"one byte at a time"() {
		const two = new Two();
		two.clientEnd.chunk = two.serverEnd.chunk = 1;
		two.clientEnd.window = two.serverEnd.window = 3;
		equal(two.shake(), "0,0");
		const text = "All of this comes in single bytes. ".repeat(5);
		equal(two.carry(two.client, two.server, text), text);
		equal(two.carry(two.server, two.client, text), text);
	},

	"who is told to wait has read all that was there"() {
		const two = new Two();
		const both = [two.client, two.server];
		const ends = [two.clientEnd, two.serverEnd];
		for (const end of ends) end.chunk = 64;
		/** Calls as often as wakeAt says: whoever sleeps then is woken by new bytes only. */
		const work = (call: () => number, index: number): number => {
			let code = WAIT;
			do code = call();
			while (code === WAIT && both[index].outcome.wakeAt <= world.clock.now);
			if (code === WAIT) equal(ends[index].waiting, 0, `${index} sleeps over bytes`);
			return code;
		};
		let codes = [WAIT, WAIT];
		for (let i = 0; i < 20 && codes.includes(WAIT); i++)
			codes = [work(() => two.client.clientHandshake("localhost"), 0), work(() => two.server.serverHandshake(false), 1)];
		equal(codes.join(), "0,0");
		work(() => two.client.receive(new Uint8Array(1)), 0); // tickets
		equal(two.client.send(new Uint8Array(2000)), OK);
		const buffer = new Uint8Array(100);
		for (let got = 0; got < 2000; got += two.server.outcome.count)
			equal(
				work(() => two.server.receive(buffer), 1),
				OK,
			);
		equal(
			work(() => two.server.receive(buffer), 1),
			WAIT,
		);
	},

	"the time for the handshake runs out, and it goes on"() {
		const two = new Two({ client: { handshakeTimeout: 20, timerPeriod: 100 } });
		const { client } = two;
		let code = WAIT;
		for (let i = 0; i < 1000 && !(client.outcome.wants & WANTS_INPUT); i++) code = client.clientHandshake("localhost");
		equal(code, WAIT);
		equal(client.outcome.wakeAt, world.clock.now + 2000);
		world.clock.advance(1999);
		equal(client.clientHandshake("localhost"), WAIT);
		world.clock.advance(1);
		equal(client.clientHandshake("localhost"), TIMEOUT_ERR);
		equal(client.outcome.failure, HANDSHAKE_LATE);
		equal(client.clientHandshake("localhost"), WAIT, "it is told once");
		equal(client.state, HANDSHAKE);
		equal(two.shake(), "0,0", "nothing was closed");
		const late = new Two({ server: { handshakeTimeout: 20, timerPeriod: 100 } }).server;
		equal(late.serverHandshake(false), WAIT);
		world.clock.advance(2000);
		equal(late.serverHandshake(false), TIMEOUT_ERR);
		equal(late.serverHandshake(false), WAIT);
	},

	"close waits for the transport"() {
		const two = new Two({ client: { closeTimeout: 1000 } });
		two.shake();
		equal(two.client.send(bytesOf("first words")), OK);
		equal(two.client.outcome.wants, 0, "all of it has gone");
		two.server.receive(new Uint8Array(20));
		two.clientEnd.window = 0;
		equal(two.client.send(bytesOf("last words")), OK);
		equal(two.client.outcome.wants, WANTS_OUTPUT, "it has not gone");
		equal(two.client.close(), WAIT);
		equal((two.client.outcome.wants & WANTS_OUTPUT) !== 0, true);
		equal(two.client.outcome.wakeAt <= world.clock.now + 1000, true);
		equal(two.client.send(bytesOf("x")), NOT_FOUND_ERR);
		equal(two.client.close(), WAIT);
		equal(two.clientEnd.closed, false);
		two.clientEnd.window = 65536;
		equal(two.clientStack.poll(), Number.POSITIVE_INFINITY, "the stack goes on with it");
		equal(two.clientEnd.closed, true);
		const buffer = new Uint8Array(20);
		equal(two.server.receive(buffer), OK);
		equal(textOf(buffer, two.server.outcome.count), "last words");
		equal(two.server.receive(buffer), OK);
		equal(two.server.outcome.count, 0);
	},

	"close waits no longer than it may"() {
		const two = new Two({ client: { closeTimeout: 1000 } });
		two.shake();
		two.clientEnd.window = 0;
		equal(two.client.close(), WAIT);
		world.clock.advance(1000);
		equal(two.client.close(), OK);
		equal(two.clientEnd.closed, true);
		equal(two.clientStack.memory().connections.used, 0);
	},

	"tickets: resuming by ticket, by its bytes, by connection"() {
		const two = new Two({ client: { maxConnections: 2, maxSessions: 2 }, server: { maxConnections: 2, maxSessions: 2 } });
		two.shake();
		equal(two.server.readTicket(), PARAM_ERR, "a server's");
		two.settle();
		equal(two.client.readTicket(), OK);
		const ticket = two.client.ticket as Ticket;
		equal(ticket.valid, true);
		const first = two.client;
		two.again();
		equal(two.shake(first), "0,0");
		equal(two.client.sessionResumed, true, "by connection");
		equal(two.server.sessionResumed, true);
		two.settle();
		first.close();
		two.client.close();
		for (const from of [ticket, two.clientStack.restoreTicket(ticket.bytes()) as Ticket]) {
			two.server.stop();
			two.again();
			equal(two.shake(from), "0,0");
			equal(two.client.sessionResumed, true);
			two.client.close();
		}
	},

	"tickets: those that are none"() {
		const two = new Two({ client: { maxSessions: 1, maxConnections: 3 } });
		two.shake();
		equal(two.client.readTicket(), NOT_FOUND_ERR, "it comes with the first data");
		equal(two.client.outcome.failure, TICKET_NOT_GIVEN);
		two.settle();
		equal(two.client.readTicket(), OK);
		const old = two.client.ticket as Ticket;
		equal(two.client.readTicket(), OK);
		equal(old.valid, false, "the newer one has its place");
		equal(old.bytes().length, 0);
		const ticket = two.client.ticket as Ticket;
		const socket = new TlsSocket(two.clientStack, streamPair()[0], two.trust);
		equal(socket.clientHandshake("localhost", old), PARAM_ERR);
		equal(socket.outcome.failure, TICKET_UNKNOWN);
		equal(socket.clientHandshake("other.example", ticket), PARAM_ERR, "of another server");
		equal(socket.clientHandshake("localhost", two.server), PARAM_ERR, "a server has none");
		const other = new Two();
		equal(other.client.clientHandshake("localhost", ticket), PARAM_ERR, "of another stack");
		equal(two.clientStack.restoreTicket(ticket.bytes().slice(1)), undefined);
		equal(two.clientStack.restoreTicket(new Uint8Array(0)), undefined);
		ticket.forget();
		equal(socket.clientHandshake("localhost", ticket), PARAM_ERR);
	},

	"tickets: no room"() {
		const two = new Two({ client: { sessionSize: 128 } });
		two.shake();
		two.settle();
		equal(two.client.readTicket(), MEM_ERR);
		equal(two.client.outcome.failure, TICKET_TOO_LONG);
		equal(two.client.outcome.bytesNeeded > 128, true);
		equal(two.client.ticket, undefined);
	},

	"heartbeats over a stream"() {
		const heartbeat = { heartbeat: true, heartbeatTime: 1, messageRetries: 1 };
		const two = new Two({ client: heartbeat, server: { ...heartbeat, heartbeatAllowPeerRequest: true } });
		equal(two.client.beat(), HS_ERR);
		equal(two.shake(), "0,0");
		two.settle();
		equal(two.client.beat(), OK);
		two.settle();
		equal(two.client.beat(), OK, "it was answered");
		let silent = 0;
		for (let i = 0; i < 50; i++) {
			const code = two.client.receive(new Uint8Array(1));
			if (code === HEARTBEAT_TIMEOUT_ERR) silent++;
			if (code === HEARTBEAT_TIMEOUT_ERR) equal(two.client.outcome.failure, HEARTBEAT_UNANSWERED);
			world.clock.advance(100);
		}
		equal(silent, 1);
		equal(two.client.state, OPERATING, "the application decides");
		equal(two.server.beat(), TYPE_ERR, "the client takes none");
		equal(two.client.close(), OK);
		equal(two.client.beat(), NOT_FOUND_ERR);
	},

	"renegotiation: the server's, and one judged by another time, while the device's stays"() {
		const old = { maximumVersion: TLS_1_2 };
		const two = new Two({
			trust: (security) => void security.setOptions({ ...old, renegotiation: true }),
			credentials: (security) => void security.setOptions({ ...old, renegotiation: true }),
		});
		equal(two.shake(), "0,0");
		const seconds = world.clock.seconds();
		const renegotiate = (time: number): number => {
			let code = WAIT;
			for (let i = 0; i < 20000 && code === WAIT; i++) {
				code = two.client.renegotiate(time);
				two.server.receive(new Uint8Array(1));
			}
			return code;
		};
		equal(renegotiate(NOW + 1000), OK);
		equal(two.carry(two.client, two.server, "still"), "still");
		let asked = WAIT;
		for (let i = 0; i < 20000 && asked === WAIT; i++) {
			asked = two.server.renegotiate();
			two.client.receive(new Uint8Array(1));
		}
		equal(asked, OK, "the server's");
		const other = new Two();
		equal(two.client.renegotiate(NOW + 86400 * 1000), WAIT, "when the certificate has ended");
		equal(other.shake(), "0,0", "another handshake in between goes by the device's time");
		equal(renegotiate(NOW + 86400 * 1000), VERIFY_ERR);
		equal(two.client.verifyResult & 1, 1, "expired");
		equal(world.clock.seconds() - seconds < 60, true);
	},

	"renegotiation: where there is none"() {
		const two = new Two();
		two.shake();
		equal(two.client.renegotiate(), TYPE_ERR, "1.3");
		equal(two.client.outcome.failure, OPERATION_UNSUPPORTED);
		const old = { maximumVersion: TLS_1_2 };
		const refusing = new Two({ trust: (security) => void security.setOptions(old) });
		equal(refusing.shake(), "0,0");
		let code = WAIT;
		for (let i = 0; i < 20000 && code === WAIT; i++) {
			code = refusing.client.renegotiate();
			refusing.server.receive(new Uint8Array(1));
		}
		equal(code, HS_ERR, "the server doesn't want to");
		equal(refusing.carry(refusing.client, refusing.server, "on"), "on");
	},
};
