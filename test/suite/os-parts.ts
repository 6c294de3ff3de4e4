// modules/os as it stands for tests and for the beginning of a port: memory in blocks, the parts of a host that is only
// memory, each held to the contracts that a host suite holds every host to.

import { Registry } from "polltls/crypto/registry";
import { CountingLock, LogBook, ManualClock, ManualTimer, MemoryStore, RepeatableEntropy } from "polltls/os/in-memory";
import { MemoryDatagramNetwork, MemoryStreamNetwork, streamPair } from "polltls/os/in-memory-network";
import { LOG_INFO, TRANSPORT_CLOSED, TRANSPORT_FAILED, WOULD_BLOCK } from "polltls/os/os";
import { HeapMemory, Pool } from "polltls/os/pool";
import { runHostSuite } from "./host-suite.js";
import { equal, NOW, testRegistry } from "./pair/harness.js";

function throws(call: () => void): boolean {
	try {
		call();
	} catch {
		return true;
	}
	return false;
}

export const cases: Record<string, () => void> = {
	"a host of memory keeps the contracts"() {
		const clock = new ManualClock(NOW);
		const streams = new MemoryStreamNetwork();
		const book = new LogBook();
		const timers: { timer: ManualTimer; alarm: () => void }[] = [];
		const whole = testRegistry();
		const registry = new Registry(); // without the cipher that only stands in for another one
		for (const hash of whole.hashes) registry.registerHash(registry.hashes.length, hash);
		registry.registerBulk(0, whole.bulks[0]);
		registry.registerSign(0, whole.signatures[0]);
		registry.registerKeyExchange(0, whole.keyExchanges[0]);
		registry.start();
		const suite = runHostSuite({
			device: {
				clock,
				entropy: new RepeatableEntropy(5),
				store: new MemoryStore(),
				log: book.log,
				listen: (port, backlog) => streams.listen(port, backlog),
				connect: (host, port) => streams.connect(host, port),
			},
			registry,
			address: "memory",
			streamPort: 1,
			datagramPort: 2,
			datagrams: new MemoryDatagramNetwork(),
			createTimer(alarm) {
				const timer = new ManualTimer();
				timers.push({ timer, alarm });
				return timer;
			},
			createLock: () => new CountingLock(),
			memory: new HeapMemory(1000000),
		});
		for (let turns = 0; !suite.done; turns++) {
			if (turns > 1000000) throw new Error("it hangs");
			const wakeAt = suite.poll();
			if (wakeAt > clock.now) clock.advance(wakeAt === Number.POSITIVE_INFINITY ? 1000 : wakeAt - clock.now);
			for (const { timer, alarm } of timers) if (timer.ring(clock.now)) alarm();
		}
		equal(
			suite
				.lines()
				.filter((line) => !line.startsWith("ok") || line.includes("SKIP"))
				.join("\n"),
			"",
		);
		equal(suite.findings.length > 40, true);
	},

	"pool: all or nothing, and none is given twice"() {
		const memory = new HeapMemory(1000);
		const large = new Pool(3, 400);
		equal(large.reserve(memory), false);
		equal(memory.used, 0, "nothing is kept");
		equal(memory.mostUsed, 800);
		equal(large.take(1), undefined);
		const pool = new Pool(2, 400);
		equal(pool.length, 800);
		equal(pool.reserved, false);
		equal(pool.reserve(memory), true);
		equal(pool.reserve(memory), true, "once");
		equal(memory.used, 800);
		equal(pool.reserved, true);
		equal(pool.take(401), undefined, "longer than a block");
		const one = pool.take(400) as Uint8Array;
		const other = pool.take(1) as Uint8Array;
		equal(one === other, false);
		equal(pool.take(1), undefined);
		equal(`${pool.free} ${pool.used} ${pool.mostUsed} ${pool.refused}`, "0 2 2 2");
		one.fill(7);
		pool.giveBack(one);
		pool.giveBack(one);
		pool.giveBack(new Uint8Array(400));
		equal(`${pool.free} ${pool.used} ${pool.mostUsed}`, "1 1 2");
		equal(
			one.every((byte) => byte === 0),
			true,
			"overwritten",
		);
		other.fill(7);
		pool.release(memory);
		equal(
			other.every((byte) => byte === 0),
			true,
			"this one too",
		);
		equal(`${memory.used} ${pool.free} ${pool.used}`, "0 0 0");
		const none = new Pool(0, 400);
		equal(none.reserve(memory) && none.length === 0 && none.take(1) === undefined, true);
	},

	"streams: hands on the network"() {
		const [here, there] = streamPair();
		const bytes = new Uint8Array(10).fill(1);
		here.chunk = 3;
		here.window = 5;
		equal(here.write(bytes, 0, 10), 3);
		equal(here.write(bytes, 3, 10), 2);
		equal(here.write(bytes, 5, 10), WOULD_BLOCK, "the window is full");
		there.chunk = 1;
		equal(there.read(bytes, 0, 10), 1);
		equal(there.waiting, 4);
		there.connecting = true;
		equal(there.read(bytes, 0, 10) + there.write(bytes, 0, 10), WOULD_BLOCK);
		there.connecting = false;
		there.broken = true;
		equal(there.read(bytes, 0, 10), TRANSPORT_FAILED);
		equal(there.write(bytes, 0, 10), TRANSPORT_FAILED);
		there.broken = false;
		here.close();
		equal(there.write(bytes, 0, 1), TRANSPORT_CLOSED);
		const network = new MemoryStreamNetwork();
		network.slow = true;
		const listener = network.listen(7, 1);
		equal((network.connect("x", 7) as { connecting: boolean }).connecting, true);
		equal(network.connect("x", 7).read(bytes, 0, 1), TRANSPORT_FAILED, "the backlog is full");
		listener.close();
		equal(network.connected.map(({ peer }) => peer?.closed).join(), "true,false", "who waited is cut off");
	},

	"datagrams: hands on the network"() {
		const network = new MemoryDatagramNetwork();
		const [one, other] = [network.open(1), network.open(2)];
		const bytes = new Uint8Array(4);
		network.loses = (index) => index === 0;
		one.send(bytes, 0, 4, other.address);
		equal(other.receive(bytes, 0, 4), WOULD_BLOCK, "lost");
		one.send(bytes, 0, 4, "memory 3");
		equal(network.sent, 2, "nobody there");
		one.congested = true;
		equal(one.send(bytes, 0, 4, other.address), WOULD_BLOCK);
		one.broken = true;
		equal(one.send(bytes, 0, 4, other.address), TRANSPORT_FAILED);
		equal(one.receive(bytes, 0, 4), TRANSPORT_FAILED);
		one.close();
		equal(one.send(bytes, 0, 4, other.address), TRANSPORT_CLOSED);
		equal(one.receive(bytes, 0, 4), TRANSPORT_CLOSED);
		equal(network.open(1).address, "memory 1", "the port is free again");
	},

	"clock, log, lock and entropy do what a test tells them"() {
		const clock = new ManualClock(NOW);
		clock.advance(2500);
		equal(`${clock.ticks()} ${clock.seconds() - NOW}`, "2500 2");
		clock.timeOfDay = -1;
		equal(clock.seconds(), -1);
		const book = new LogBook();
		book.log(LOG_INFO, "a line");
		equal(`${book.lines[0].level} ${book.lines[0].text}`, `${LOG_INFO} a line`);
		const lock = new CountingLock();
		equal(`${lock.enter()} ${lock.enter()} ${lock.inside} ${lock.entered} ${lock.refused}`, "true false true 1 1");
		lock.leave();
		equal(lock.inside, false);
		const [one, same] = [new RepeatableEntropy(3), new RepeatableEntropy(3)].map((entropy) => {
			const bytes = new Uint8Array(8);
			entropy.fill(bytes, 0, 8);
			return bytes.join();
		});
		equal(one, same);
		const empty = new RepeatableEntropy(3);
		empty.empty = true;
		equal(
			throws(() => empty.fill(new Uint8Array(1), 0, 1)),
			true,
		);
	},
};
