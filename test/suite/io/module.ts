// The stack: its order, every answer of its calls, its configuration as a whole, its memory to the byte, its locks.

import {
	ALGORITHM_REFUSED,
	ALGORITHMS_MISSING,
	CONFIGURATION_REFUSED,
	ENTROPY_MISSING,
	SECURITY_FULL,
	SECURITY_IN_USE,
	STACK_MEMORY_MISSING,
	STACK_NOT_READY,
} from "polltls/base/failure";
import { FULL_ERR, INIT_ERR, MEM_ERR, NULL_PTR_ERR, OK, PARAM_ERR, WAIT } from "polltls/base/status";
import { AES_128_CBC } from "polltls/crypto/types";
import { type Configuration, configurationLimits, defaultConfiguration, originalConfiguration, type Setting } from "polltls/io/configuration";
import { STACK_DELETED, STACK_INITIALISED, STACK_STARTED, Stack } from "polltls/io/module";
import type { Security } from "polltls/io/security";
import { TlsSocket } from "polltls/io/tls-socket";
import { CountingLock, LogBook, ManualTimer, RepeatableEntropy } from "polltls/os/in-memory";
import { streamPair } from "polltls/os/in-memory-network";
import type { Memory } from "polltls/os/os";
import { HeapMemory } from "polltls/os/pool";
import { equal, until, World } from "./harness.js";

const world = new World();

/** What init says about these values. */
function complaint(values: object): string {
	const stack = new Stack(world.host());
	equal(stack.init(values as Partial<Configuration>), PARAM_ERR, JSON.stringify(values));
	equal(stack.outcome.failure, CONFIGURATION_REFUSED);
	equal(stack.state, STACK_DELETED);
	return stack.complaint;
}

/** Keeps what it gave, to look at afterwards. */
class WatchedMemory implements Memory {
	readonly blocks: Uint8Array[] = [];
	reserve(length: number): Uint8Array {
		const block = new Uint8Array(length);
		this.blocks.push(block);
		return block;
	}
	release(): void {}
}

export const cases: Record<string, () => void> = {
	"nothing works before init"() {
		const stack = new Stack(world.host());
		const { registry } = world;
		equal(stack.registerHash(0, registry.hashes[0]), INIT_ERR);
		equal(stack.outcome.failure, STACK_NOT_READY);
		equal(stack.registerBulk(0, registry.bulks[0]), INIT_ERR);
		equal(stack.registerSign(0, registry.signatures[0]), INIT_ERR);
		equal(stack.registerKeyExchange(0, registry.keyExchanges[0]), INIT_ERR);
		equal(stack.start(), INIT_ERR);
		equal(stack.stop(), INIT_ERR);
		equal(stack.delete(), INIT_ERR);
		equal(stack.poll(), Number.POSITIVE_INFINITY);
		equal(stack.createSecurity(), undefined);
		equal(stack.restoreTicket(new Uint8Array(10)), undefined);
	},

	"the order is kept, and can be gone through again"() {
		const stack = new Stack(world.host());
		for (let round = 0; round < 2; round++) {
			equal(stack.init(), OK);
			equal(stack.state, STACK_INITIALISED);
			equal(stack.init(), INIT_ERR, "init twice");
			equal(stack.stop(), INIT_ERR, "stop before start");
			world.register(stack);
			equal(stack.start(), OK);
			equal(stack.state, STACK_STARTED);
			equal(stack.outcome.failure, 0);
			equal(stack.start(), INIT_ERR, "start twice");
			equal(stack.init(), INIT_ERR, "init after start");
			equal(stack.delete(), INIT_ERR, "delete before stop");
			equal(stack.registerHash(0, world.registry.hashes[0]), INIT_ERR, "register after start");
			equal(stack.stop(), OK);
			equal(stack.start(), OK, "started again, with what was registered");
			equal(stack.stop(), OK);
			equal(stack.delete(), OK);
			equal(stack.state, STACK_DELETED);
			equal(stack.delete(), INIT_ERR, "delete twice");
		}
	},

	"register: each kind, each answer"() {
		const { hashes, bulks, signatures, keyExchanges } = world.registry;
		const stack = new Stack(world.host());
		equal(stack.init({ maxHashAlgorithms: 2, maxBulkAlgorithms: 1, maxSignatureAlgorithms: 1, maxHmacLength: 32, maxBulkKeyLength: 32 }), OK);
		equal(stack.registerHash(1, hashes[0]), PARAM_ERR, "a gap");
		equal(stack.outcome.failure, ALGORITHM_REFUSED);
		equal(stack.registerHash(-1, hashes[0]), PARAM_ERR);
		equal(stack.registerHash(0.5, hashes[0]), PARAM_ERR);
		equal(stack.registerHash(0, hashes[0]), OK);
		equal(stack.registerHash(0, hashes[0]), OK, "the same index replaces");
		equal(stack.registry.hashes.length, 1);
		equal(stack.registerHash(1, hashes[1]), PARAM_ERR, "48 bytes of hash are more than maxHmacLength");
		equal(stack.registerHash(1, { ...hashes[0], id: 77 }), OK);
		equal(stack.registerHash(2, { ...hashes[0], id: 78 }), PARAM_ERR, "more than maxHashAlgorithms");
		equal(stack.registerBulk(0, bulks[0]), OK);
		equal(stack.registerBulk(1, bulks[0]), PARAM_ERR, "more than maxBulkAlgorithms");
		equal(stack.registerBulk(0, { ...bulks[0], keyLength: 64 }), PARAM_ERR, "longer than maxBulkKeyLength");
		equal(stack.registerSign(0, signatures[0]), OK);
		equal(stack.registerSign(1, signatures[0]), PARAM_ERR);
		equal(stack.registerKeyExchange(0, keyExchanges[0]), OK);
		equal(stack.registerKeyExchange(1, keyExchanges[0]), PARAM_ERR);
		const ffdhe = { ...keyExchanges[0], group: 0x100, clientShareLength: 256, serverShareLength: 256 };
		equal(stack.registerKeyExchange(0, ffdhe), OK, "2048 bits");
		equal(stack.registerKeyExchange(0, { ...ffdhe, clientShareLength: 128 }), PARAM_ERR, "shorter than minKeyExchangeSize");
		equal(stack.registerKeyExchange(0, { ...ffdhe, clientShareLength: 1024 }), PARAM_ERR, "longer than preMasterSecretSize");
	},

	"start: algorithms and MAC keys"() {
		const stack = new Stack(world.host());
		equal(stack.init({ maxMacKeyLength: 20 }), OK);
		equal(stack.start(), INIT_ERR, "nothing is registered");
		equal(stack.outcome.failure, ALGORITHMS_MISSING);
		const modemOnly = new Stack(world.host({ linked: {} }));
		equal(modemOnly.init(), OK);
		equal(modemOnly.start(), OK, "without entry points none are needed");
		world.register(stack);
		const cbc = { id: AES_128_CBC, keyLength: 16, blockLength: 16, cost: 1, create: () => undefined as never };
		equal(stack.registerBulk(2, cbc), OK);
		equal(stack.start(), INIT_ERR, "HMAC-SHA256 takes 32 bytes");
		equal(stack.complaint.startsWith("maxMacKeyLength"), true, stack.complaint);
		equal(stack.delete(), OK);
		const withoutAead = new Stack(world.host());
		equal(withoutAead.init(), OK);
		world.register(withoutAead);
		withoutAead.registry.bulks.length = 0;
		equal(withoutAead.registerBulk(0, cbc), OK);
		equal(withoutAead.start(), OK);
		equal(withoutAead.tickets, undefined, "nothing seals tickets");
		equal(stack.init({ maxMacKeyLength: 32 }), OK);
		world.register(stack);
		equal(stack.registerBulk(2, cbc), OK);
		equal(stack.start(), OK);
	},

	"start: no entropy, no start"() {
		const empty = new RepeatableEntropy(1);
		empty.empty = true;
		const constant = { fill: (bytes: Uint8Array, at: number, end: number) => void bytes.fill(7, at, end) };
		for (const entropy of [empty, constant]) {
			const stack = new Stack(world.host({ entropy }));
			equal(stack.init(), OK);
			world.register(stack);
			equal(stack.start(), INIT_ERR);
			equal(stack.outcome.failure, ENTROPY_MISSING);
			equal(stack.state, STACK_INITIALISED);
		}
	},

	"configuration: names, kinds, ranges"() {
		equal(complaint({ maxConections: 2 }), "maxConections: there is no such setting");
		equal(complaint({ dtls: 1 }), "dtls: true or false is needed");
		equal(complaint({ maxConnections: "2" }), "maxConnections: a whole number is needed");
		equal(complaint({ maxConnections: 1.5 }), "maxConnections: a whole number is needed");
		for (const name of Object.keys(configurationLimits) as Setting[]) {
			const [least, most] = configurationLimits[name] as readonly [number, number];
			equal(complaint({ [name]: least - 1 }), `${name}: ${least - 1} is not from ${least} to ${most}`);
			equal(complaint({ [name]: most + 1 }), `${name}: ${most + 1} is not from ${least} to ${most}`);
		}
		for (const name of Object.keys(defaultConfiguration) as Setting[])
			if (configurationLimits[name] === undefined) equal(typeof defaultConfiguration[name], "boolean", name);
	},

	"configuration: two that clash are both named"() {
		const clashes: [Partial<Configuration>, string, string][] = [
			[{ minPublicKeySize: 567, maxPublicKeySize: 566, rsaModulusLength: 64 }, "minPublicKeySize", "maxPublicKeySize"],
			[{ maxPublicKeySize: 260 }, "rsaModulusLength", "maxPublicKeySize"],
			[{ maxDataLength: 4096 }, "maxDataLength", "dataBufferSize"],
			[{ retransmitInitial: 2000, retransmitMax: 1000 }, "retransmitInitial", "retransmitMax"],
			[{ socketInterface: false, nativeInterface: false }, "socketInterface", "nativeInterface"],
			[{ dtls: true, dtlsSocketInterface: false, dtlsNativeInterface: false }, "dtls", "dtlsSocketInterface"],
			[{ dtls: true, handshakeTimeout: 10 }, "handshakeTimeout", "retransmitInitial"],
		];
		for (const [values, one, other] of clashes) {
			const text = complaint(values);
			equal(text.startsWith(`${one} and ${other} clash: `), true, text);
		}
	},

	"configuration: the original's numbers are taken, and so are the limits"() {
		const stack = new Stack(world.host());
		equal(stack.init(originalConfiguration), OK, stack.complaint);
		equal(stack.configuration.maxCipherSuites, 1);
		equal(stack.delete(), OK);
		equal(stack.init(), OK);
		for (const name of Object.keys(defaultConfiguration) as Setting[]) equal(stack.configuration[name], defaultConfiguration[name], name);
	},

	"memory: all of it or nothing, to the byte"() {
		const needed = new HeapMemory();
		equal(new Stack(world.host({ memory: needed })).init({ maxConnections: 2, dtls: true }), OK);
		for (const limit of [0, 1000, needed.used - 1]) {
			const memory = new HeapMemory(limit);
			const stack = new Stack(world.host({ memory }));
			equal(stack.init({ maxConnections: 2, dtls: true }), MEM_ERR);
			equal(stack.outcome.failure, STACK_MEMORY_MISSING);
			equal(stack.outcome.bytesNeeded, needed.used);
			equal(memory.used, 0, "nothing is left behind");
			equal(stack.state, STACK_DELETED);
			equal(stack.start(), INIT_ERR);
		}
		const memory = new HeapMemory(needed.used);
		const stack = new Stack(world.host({ memory }));
		equal(stack.init({ maxConnections: 2, dtls: true }), OK);
		const report = stack.memory();
		equal(report.total, needed.used);
		let sum = 0;
		for (const part of [report.connections, report.ports, report.buffers, report.sessions]) sum += part.reserved;
		equal(sum, report.total);
		equal(report.connections.reserved % 2, 0);
		equal(stack.delete(), OK);
		equal(memory.used, 0);
	},

	"memory: what isn't configured takes none"() {
		const stack = new Stack(world.host());
		equal(stack.init({ nativeInterface: false, maxSessions: 0 }), OK);
		const { ports, buffers, sessions } = stack.memory();
		equal(ports.reserved, 0);
		equal(buffers.reserved, 0);
		equal(sessions.reserved, 0);
	},

	"delete overwrites everything"() {
		const memory = new WatchedMemory();
		const [client] = connected({ memory });
		equal(
			memory.blocks.some((block) => block.some((byte) => byte !== 0)),
			true,
		);
		equal(client.stop(), OK);
		equal(client.delete(), OK);
		for (const block of memory.blocks) for (const byte of block) if (byte !== 0) throw new Error("bytes are left");
	},

	"two connections share one security configuration, and hold it fast"() {
		const stack = world.stack({ maxConnections: 2 });
		const security = world.trust(stack);
		const { length } = security;
		equal(length, world.pki.trust.anchors[0].bytes.length);
		equal(stack.memory().security.used, 0, "nobody uses it");
		const one = new TlsSocket(stack, streamPair()[0], security);
		const other = new TlsSocket(stack, streamPair()[0], security);
		equal(one.clientHandshake("localhost"), WAIT);
		equal(stack.memory().security.used, length);
		equal(stack.memory().security.saved, 0);
		equal(other.clientHandshake("localhost"), WAIT);
		equal(stack.memory().security.used, length);
		equal(stack.memory().security.saved, length, "the second costs nothing");
		equal(security.setRootCaCert(world.pki.trust.anchors[0].bytes), INIT_ERR);
		equal(security.outcome.failure, SECURITY_IN_USE);
		for (const code of [
			security.setClientCertKey(world.pki.client.chain[0], new Uint8Array([0x30])),
			security.setRevoked(world.pki.client.chain[0]),
			security.setCrl(new Uint8Array([0x30])),
			security.setPsk(new Uint8Array(1), new Uint8Array(16)),
			security.setPskCallback(() => undefined),
			security.setOptions({}),
			one.setRootCaCert(world.pki.trust.anchors[0].bytes),
		])
			equal(code, INIT_ERR);
		equal(one.close(), OK);
		equal(security.setOptions({}), INIT_ERR, "the other still uses it");
		equal(other.close(), OK);
		equal(security.setOptions({}), OK);
		equal(stack.memory().security.used, 0);
	},

	"security: what is missing, malformed, too much"() {
		const stack = world.stack({ maxCaCertificates: 2, maxHostCertificates: 1, maxRevokedCertificates: 1 });
		const security = stack.createSecurity() as Security;
		const { server, trust } = world.pki;
		const [leaf] = server.chain;
		const root = trust.anchors[0].bytes;
		const nothing = undefined as unknown as Uint8Array;
		equal(security.setRootCaCert(nothing), NULL_PTR_ERR);
		equal(security.setClientCertKey(leaf, nothing), NULL_PTR_ERR);
		equal(security.setPsk(nothing, nothing), NULL_PTR_ERR);
		equal(security.setRootCaCert(new Uint8Array(0)), PARAM_ERR);
		equal(security.setRootCaCert(""), PARAM_ERR);
		equal(security.setRootCaCert(5 as unknown as string), PARAM_ERR);
		equal(security.setRootCaCert("no certificate"), 8, "NOT_FOUND_ERR: no block");
		equal(security.setRootCaCert(root.slice(0, root.length - 1)), 17, "CERTIFICATE_ERR");
		equal(security.setClientCertKey(leaf.slice(1), leaf), 8);
		equal(security.setClientCertKey(leaf, new Uint8Array([0x30, 0])), 17);
		equal(security.setRevoked(new Uint8Array([0x30, 0])), 17);
		equal(security.setCrl(new Uint8Array([0x30, 0])), 17);
		equal(security.setRootCaCert(root), OK);
		equal(security.setRootCaCert(root), OK);
		equal(security.setRootCaCert(root), FULL_ERR);
		equal(security.outcome.failure, SECURITY_FULL);
		equal(security.trust.anchors.length, 2);
		equal(security.setRevoked(leaf), OK);
		equal(security.setRevoked(leaf), FULL_ERR);
		const other = world.credentials(stack);
		equal(other.setClientCertKey(leaf, leaf), FULL_ERR);
		other.wipe();
		equal(other.credentials.length, 0);
	},

	"locks: two, and who finds one taken waits"() {
		const locks: CountingLock[] = [];
		const createLock = (): CountingLock => {
			locks.push(new CountingLock());
			return locks[locks.length - 1];
		};
		const stack = world.stack({}, { createLock });
		equal(locks.length, 2);
		const [module, connections] = locks;
		const socket = new TlsSocket(stack, streamPair()[0], world.trust(stack));
		connections.enter();
		equal(stack.poll(), 0);
		equal(stack.stop(), WAIT);
		equal(socket.clientHandshake("localhost"), WAIT);
		equal(socket.outcome.wants, 4);
		equal(socket.send(new Uint8Array(1)), WAIT);
		equal(socket.receive(new Uint8Array(1)), WAIT);
		equal(socket.readTicket(), WAIT);
		equal(socket.renegotiate(), WAIT);
		equal(socket.close(), WAIT);
		connections.leave();
		module.enter();
		equal(socket.clientHandshake("localhost"), WAIT, "memory can't be taken");
		equal(stack.memory().connections.used, 0);
		module.leave();
		equal(socket.clientHandshake("localhost"), WAIT);
		equal(stack.memory().connections.used > 0, true);
		module.enter();
		equal(socket.close(), WAIT, "nor given back");
		module.leave();
		equal(socket.close(), OK);
		equal(stack.stop(), OK);
		module.enter();
		equal(stack.start(), WAIT);
		equal(stack.delete(), WAIT);
		module.leave();
		equal(stack.delete(), OK);
		equal(module.inside || connections.inside, false, "all were left");
		equal(connections.refused, 8);
	},

	"stop ends what is open"() {
		const [client, socket, transport] = connected({});
		equal(client.memory().connections.used > 0, true);
		equal(client.stop(), OK);
		equal(client.memory().connections.used, 0);
		equal(transport.closed, true);
		equal(socket.ended, true);
		equal(socket.send(new Uint8Array(1)), 8);
		equal(client.memory().security.used, 0);
	},

	"log and timer"() {
		const log = new LogBook();
		const timer = new ManualTimer();
		const stack = world.stack({ closeTimeout: 500 }, { log: log.log, timer });
		equal(log.lines[0].text, "started");
		const [here, there] = streamPair();
		there.window = here.window = 0;
		const socket = new TlsSocket(stack, here, world.trust(stack));
		equal(socket.clientHandshake("localhost"), WAIT);
		for (let i = 0; i < 500; i++) socket.clientHandshake("localhost");
		equal(socket.close(), WAIT, "the transport takes nothing");
		equal(timer.ring(world.clock.now), true, "poll is wanted");
		const due = stack.poll();
		equal(due, world.clock.now + 500);
		equal(timer.at, due);
		world.clock.advance(499);
		equal(timer.ring(world.clock.now), false);
		world.clock.advance(1);
		equal(timer.ring(world.clock.now), true);
		equal(stack.poll(), Number.POSITIVE_INFINITY);
		equal(here.closed, true);
		equal(stack.stop(), OK);
		equal(timer.at, Number.POSITIVE_INFINITY);
	},
};

/** A client that is connected to a server. */
function connected(more: { memory?: Memory }): [Stack, TlsSocket, { closed: boolean }] {
	const client = world.stack({}, more);
	const server = world.stack();
	const [here, there] = streamPair();
	const one = new TlsSocket(client, here, world.trust(client));
	const other = new TlsSocket(server, there, world.credentials(server));
	const codes = until(
		world,
		() => one.clientHandshake("localhost"),
		() => other.serverHandshake(false),
	);
	equal(codes.join(), "0,0");
	return [client, one, here];
}
