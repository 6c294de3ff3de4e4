// The loss matrix of DTLS: every pair of a handshake's datagrams lost, each one repeated, each two neighbours swapped, for
// both versions, certificate and PSK, with and without cookie, at three sizes of datagram; every pair of a renegotiation's; then
// many runs by chance, those of 1.2 with a renegotiation.

import assert from "node:assert/strict";
import { test } from "node:test";
import { OPERATING } from "polltls/base/status";
import { nodeRegistry } from "../../hosts/node/registry.js";
import { type DtlsPairOptions, dtlsPair } from "../suite/pair/dtls-pair.js";
import { TestPki } from "../suite/pair/harness.js";
import { CLIENT, type Datagram, DELAY, describeEnd, type LossyNetwork, SERVER, weather } from "../suite/pair/lossy-network.js";

const registry = nodeRegistry("node");
registry.start();
const pki = new TestPki(registry);

/** RUNS=n: how many runs by chance; by itself a thousand, or ten thousand (\`npm run test:loss\`, or with CI set). */
const RUNS = Number(process.env.RUNS ?? (process.env.CI ? 10000 : 1000));
/** Two intervals run out one after the other (1 s and 2 s), and the round trips between them. */
const WORST_MS = 3100;
/** Both ends together: each repeats for itself, and because the other asks. */
const WORST_RETRANSMISSIONS = 4;

const arrives = ({ bytes }: Datagram) => [{ delay: DELAY, bytes }];

type Change = (datagram: Datagram, index: number) => { delay: number; bytes: Uint8Array }[];

/** A handshake whose datagrams are changed by their order, over both directions; then a record each way. */
function play(options: DtlsPairOptions, change: Change): LossyNetwork {
	let index = 0;
	return dtlsPair(pki, registry, { ...options, plan: (datagram) => change(datagram, index++) });
}

function retransmissions(network: LossyNetwork): number {
	return network.ends.reduce((sum, end) => sum + end.report().retransmissions, 0);
}

/** The handshake must end well, data must go both ways, and then nobody may be waiting for anything. */
function check(name: string, network: LossyNetwork, patience: number): void {
	const describe = () => `${name}: ${network.ends.map(describeEnd).join("; ")}`;
	assert.ok(
		network.runUntil(() => network.established, patience),
		describe(),
	);
	const took = network.now;
	const repeated = retransmissions(network);
	assert.ok(took <= WORST_MS, `${describe()}: it took ${took} ms`);
	assert.ok(repeated <= WORST_RETRANSMISSIONS, `${describe()}: ${repeated} retransmissions`);
	assert.ok(network.say(CLIENT, "ping") && network.say(SERVER, "pong"));
	network.runUntil(() => false, 20000);
	assert.deepEqual(network.received, [["pong"], ["ping"]], describe());
	for (const end of network.ends) assert.equal(end.wakeAt, Number.POSITIVE_INFINITY, `${describe()}: a timer is left`);
}

for (const version of ["1.3", "1.2"] as const)
	for (const psk of [false, true])
		for (const cookies of [false, true])
			for (const mtu of [256, 512, 1400]) {
				const options: DtlsPairOptions = { version, psk, cookies, mtu };
				test(`DTLS ${version}, ${psk ? "PSK" : "certificate"}${cookies ? ", cookie" : ""}, ${mtu} bytes`, (t) => {
					check("nothing changed", play(options, arrives), 1000);
					const plain = play(options, arrives);
					plain.runUntil(() => false, 5000);
					assert.equal(retransmissions(plain), 0);
					const total = plain.sent[CLIENT] + plain.sent[SERVER];
					let runs = 0;
					for (let i = 0; i < total; i++)
						for (let j = i; j < total; j++, runs++) {
							const change: Change = (datagram, index) => (index === i || index === j ? [] : arrives(datagram));
							check(`${i} and ${j} lost`, play(options, change), 10000);
						}
					for (let i = 0; i < total; i++, runs += 2) {
						check(
							`${i} twice`,
							play(options, (datagram, index) => [...arrives(datagram), ...(index === i ? [{ delay: DELAY + 3, bytes: datagram.bytes }] : [])]),
							10000,
						);
						check(
							`${i} overtaken`,
							play(options, ({ bytes }, index) => [{ delay: DELAY + (index === i ? 1 : 0), bytes }]),
							10000,
						);
					}
					t.diagnostic(`${plain.sent.join(" + ")} datagrams, ${plain.sentBytes.join(" + ")} bytes; ${runs} runs`);
				});
			}

/** A later handshake whose datagrams are changed by their order, on a connection that is open. */
function playLater(options: DtlsPairOptions, starter: number, change: Change): LossyNetwork {
	const renegotiation = true;
	const network = dtlsPair(pki, registry, { ...options, client: { renegotiation, ...options.client }, server: { renegotiation, ...options.server } });
	assert.ok(network.runUntil(() => network.established, 1000));
	network.runUntil(() => false, 500);
	let index = 0;
	network.plan = (datagram) => change(datagram, index++);
	assert.ok(network.ends[starter].renegotiate());
	return network;
}

/** It must end well, data must go both ways, and then nobody may be waiting for anything. */
function checkLater(name: string, network: LossyNetwork): void {
	const describe = () => `${name}: ${network.ends.map(describeEnd).join("; ")}`;
	const began = network.now;
	assert.ok(
		network.runUntil(() => network.ends.every(({ renegotiations, renegotiating }) => renegotiations === 1 && !renegotiating), 10000),
		describe(),
	);
	assert.ok(network.now - began <= WORST_MS, `${describe()}: it took ${network.now - began} ms`);
	assert.ok(retransmissions(network) <= WORST_RETRANSMISSIONS, `${describe()}: ${retransmissions(network)} retransmissions`);
	assert.ok(network.say(CLIENT, "ping") && network.say(SERVER, "pong"));
	network.runUntil(() => false, 20000);
	assert.deepEqual(network.received, [["pong"], ["ping"]], describe());
	for (const end of network.ends) assert.equal(end.wakeAt, Number.POSITIVE_INFINITY, `${describe()}: a timer is left`);
}

for (const psk of [false, true])
	for (const starter of [CLIENT, SERVER])
		for (const mtu of [256, 1400]) {
			const options: DtlsPairOptions = { version: "1.2", psk, mtu };
			const who = starter === CLIENT ? "client" : "server";
			test(`DTLS 1.2, renegotiation begun by the ${who}, ${psk ? "PSK" : "certificate"}, ${mtu} bytes`, (t) => {
				const plain = playLater(options, starter, arrives);
				const before = plain.sent[CLIENT] + plain.sent[SERVER];
				plain.runUntil(() => false, 5000);
				assert.equal(retransmissions(plain), 0);
				const total = plain.sent[CLIENT] + plain.sent[SERVER] - before;
				let runs = 0;
				for (let i = 0; i < total; i++)
					for (let j = i; j < total; j++, runs++) {
						const change: Change = (datagram, index) => (index === i || index === j ? [] : arrives(datagram));
						checkLater(`${i} and ${j} lost`, playLater(options, starter, change));
					}
				t.diagnostic(`${total} datagrams; ${runs} runs`);
			});
		}

test(`${RUNS} handshakes with a third of the datagrams lost, others repeated, delayed and overtaken`, (t) => {
	const first = Number(process.env.POLLTLS_SEED ?? Date.now() % 1000000);
	t.diagnostic(`seeds ${first} to ${first + RUNS - 1}: again with POLLTLS_SEED=${first} RUNS=${RUNS}`);
	let longest = 0;
	let most = 0;
	for (let seed = first; seed < first + RUNS; seed++) {
		const options: DtlsPairOptions = {
			version: seed & 1 ? "1.3" : "1.2",
			psk: (seed & 2) !== 0,
			cookies: (seed & 4) !== 0,
			mtu: [256, 512, 1400][seed % 3],
			seed,
			// A HelloRequest isn't repeated for ever
			server: { ...(seed & 8 && !(seed & 2) ? { verifyClient: "require" } : {}), renegotiation: true, messageRetries: 50 },
			client: { ...(seed & 8 && !(seed & 2) ? { credentials: [pki.client] } : {}), renegotiation: true },
			plan: weather(seed, { loss: 0.3, duplication: 0.2, reorder: 0.3 }),
		};
		const network = dtlsPair(pki, registry, options);
		// Those of 1.2 begin another handshake as soon as one end, or both, may
		const starter = seed & 16 ? CLIENT : SERVER;
		if (options.version === "1.2" && seed & 32) {
			assert.ok(
				network.runUntil(() => network.ends[starter]?.state === OPERATING, 3600000),
				`POLLTLS_SEED=${seed} RUNS=1`,
			);
			assert.ok(network.ends[starter].renegotiate());
		}
		const done = network.runUntil(() => network.established, 3600000);
		assert.ok(done, `POLLTLS_SEED=${seed} RUNS=1: ${network.ends.map(describeEnd).join("; ")}`);
		if (options.version === "1.2") {
			if (!(seed & 32)) assert.ok(network.ends[starter].renegotiate());
			const again = network.runUntil(() => network.ends.every(({ renegotiations, renegotiating }) => renegotiations > 0 && !renegotiating), 3600000);
			assert.ok(again, `POLLTLS_SEED=${seed} RUNS=1, renegotiation: ${network.ends.map(describeEnd).join("; ")}`);
		}
		longest = Math.max(longest, network.now);
		most = Math.max(most, retransmissions(network));
	}
	t.diagnostic(`the longest took ${Math.round(longest / 1000)} s of virtual time, the most retransmissions were ${most}`);
});
