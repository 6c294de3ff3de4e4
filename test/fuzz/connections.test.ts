// Whole connections with somebody between them, or with an end that lies: never a throw, never a hang, never an end of both
// that believe in different things. Handshakes of all kinds under toy algorithms, so that what is changed arrives; then
// some under real ones.

import assert from "node:assert/strict";
import { type TestContext, test } from "node:test";
import * as failures from "polltls/base/failure";
import { CRYPTO_PROVIDER_FAILED, NO_FAILURE } from "polltls/base/failure";
import { failureName } from "polltls/base/failure-text";
import { CLOSED, OPERATING, WANTS_WORK } from "polltls/base/status";
import type { Connection } from "polltls/engine/connection";
import { TestPki, testRegistry } from "../suite/pair/harness.js";
import { type Attacker, ByteAttacker, DatagramAttacker, MessageAttacker, makeLiar, RecordAttacker } from "./attackers.js";
import { clock, collectMessages, openScenario, pki, type Scenario, scenarios } from "./corpus.js";
import { type Dice, fuzz, mutate } from "./dice.js";

const messages = collectMessages();
const bodies = messages.map(({ body }) => body);
/** More turns of both ends than any run needs. */
const TURNS_MAX = 3000;
/** Milliseconds: who sends the same again for so long does it for ever. */
const PATIENCE = 600000;

/** What an end believes once it is open, to be compared with the other's. */
class View {
	/** By label and client random; those of the first handshake count. */
	readonly secrets = new Map<string, string>();
	agreed: Record<string, unknown> | undefined;

	readonly keyLog = (label: string, random: Uint8Array, secret: Uint8Array, length: number): void => {
		if (this.agreed === undefined) this.secrets.set(`${label} ${Buffer.from(random).toString("hex")}`, Buffer.from(secret.subarray(0, length)).toString("hex"));
	};

	note({ negotiated }: Connection): void {
		const { version, suite, group, alpn, resumed, pskIdentity, extendedMasterSecret, encryptThenMac, maxFragmentLength } = negotiated;
		const identity = pskIdentity && Buffer.from(pskIdentity).toString("hex");
		this.agreed = { version, suite: suite?.number, group, alpn, resumed, identity, extendedMasterSecret, encryptThenMac, maxFragmentLength };
	}
}

/** A connection pair and what is on its way. */
class Run {
	readonly ends: readonly [Connection, Connection];
	readonly views: readonly [View, View];
	readonly #attacker: Attacker | undefined;
	readonly #dice: Dice;
	readonly #queues: Uint8Array[][] = [[], []];
	readonly #packet = new Uint8Array(20000);
	/** What the applications still do. */
	#deeds: number;

	constructor(dice: Dice, ends: readonly [Connection, Connection], views: readonly [View, View], attacker: Attacker | undefined) {
		this.#dice = dice;
		this.ends = ends;
		this.views = views;
		this.#attacker = attacker;
		this.#deeds = dice.once(2) ? dice.roll(20) : 0;
	}

	/** Plays it to its end. */
	play(): void {
		this.#goOn();
		if (this.#attacker === undefined) this.#lookAlive();
		for (const end of this.ends) end.close();
		this.#goOn();
		for (const end of this.ends) end.networkEnd();
		this.#goOn();
		for (const [side, end] of this.ends.entries()) {
			if (end.failure === CRYPTO_PROVIDER_FAILED) throw end.cause;
			assert.equal(end.state, CLOSED, `${side === 0 ? "the client" : "the server"} hangs in ${end.stateName}, wants ${end.wants()}`);
		}
	}

	/** Goes on until nothing happens any more, or only the same again; time goes on to the next deadline when that helps. */
	#goOn(): void {
		const end = clock.now + PATIENCE;
		let late = 0;
		for (let turns = 0; turns < TURNS_MAX && late < 20 && clock.now < end; turns++) {
			const moved = [this.#turn(0), this.#turn(1)];
			if (moved[0] || moved[1]) continue;
			const deadline = Math.min(this.ends[0].wakeAt, this.ends[1].wakeAt);
			if (deadline === Number.POSITIVE_INFINITY) return;
			late = deadline < clock.now - 1 ? late + 1 : 0;
			clock.now = Math.max(deadline, clock.now + 0.01);
		}
		if (clock.now >= end) return;
		const [client, server] = this.ends.map((end) => `in ${end.stateName}, wants ${end.wants()}, state ${end.state}, deadline ${end.wakeAt - clock.now}`);
		throw new Error(`no end after ${TURNS_MAX} turns: client ${client}; server ${server}`);
	}

	/** With nobody between them, what one says now arrives, unless it has said that it says no more. */
	#lookAlive(): void {
		for (const [side, end] of this.ends.entries()) {
			const other = this.ends[1 - side];
			if (end.state !== OPERATING || other.state === CLOSED || other.peerClosed) continue;
			const before = other.traffic.input.records;
			assert.equal(end.applicationIn(Uint8Array.of(1, 2, 3), 0, 3), 3, `${side === 0 ? "the client" : "the server"} takes no more data in ${end.stateName}`);
			this.#goOn();
			assert.ok(other.traffic.input.records > before || other.failure !== NO_FAILURE, "it arrives");
		}
	}

	/** One poll of an end and what it sends; whether anything happened. */
	#turn(side: number): boolean {
		const end = this.ends[side];
		const view = this.views[side];
		const dice = this.#dice;
		clock.now += 0.01;
		let moved = this.#feed(side);
		const answer = end.poll();
		assert.ok(answer >= 0 && answer < 32, `poll answers ${answer}`);
		if (view.agreed === undefined && end.state === OPERATING) view.note(end);
		if (end.state === OPERATING && this.#deeds > 0 && dice.once(4)) this.#act(end);
		moved = end.applicationOut(this.#packet, 0, 1 + dice.roll(2000)) > 0 || moved;
		for (let count = end.networkOut(this.#packet, 0, this.#packet.length); count > 0; count = end.networkOut(this.#packet, 0, this.#packet.length)) {
			const bytes = this.#packet.slice(0, count);
			this.#queues[1 - side].push(...(this.#attacker?.pass(side, bytes) ?? [bytes]));
			moved = true;
		}
		return moved || (end.wants() & WANTS_WORK) !== 0;
	}

	#feed(side: number): boolean {
		const queue = this.#queues[side];
		const bytes = queue.shift();
		if (bytes === undefined) return false;
		const taken = this.ends[side].networkIn(bytes, 0, bytes.length);
		assert.ok(taken >= 0 && taken <= bytes.length, `networkIn takes ${taken} of ${bytes.length}`);
		if (taken > 0 && taken < bytes.length) queue.unshift(bytes.subarray(taken));
		else if (taken === 0 && bytes.length > 0) queue.unshift(bytes);
		return taken > 0 || bytes.length === 0;
	}

	#act(end: Connection): void {
		const dice = this.#dice;
		this.#deeds--;
		const kind = dice.roll(12);
		if (kind === 0) end.updateKeys(dice.once(2));
		else if (kind === 1) end.renegotiate();
		else if (kind === 2) end.close();
		else if (kind < 6) end.applicationIn(this.#packet, 0, dice.roll(600));
	}
}

/** Which failures runs ended with, how often. */
const reached = new Map<string, number>();

/** Plays one run; the views must be the same if both ends were open, unless one of them lies. */
function play(dice: Dice, scenario: Scenario, attack: number, more: { client?: object; server?: object } = {}): Run {
	const views = [new View(), new View()] as const;
	const server: Record<string, unknown> = { keyLog: views[1].keyLog, renegotiation: dice.once(2), ...more.server };
	if (attack === FALSE_CERTIFICATE) {
		const [certificate] = pki.server.chain;
		const changed = mutate(dice, certificate, bodies);
		server["credentials"] = [{ ...pki.server, chain: [changed.length > 0 ? changed : Uint8Array.of(0), ...(dice.once(3) ? [dice.bytes(30)] : [])] }];
	}
	const ends = openScenario(scenario, dice.roll(100000), { client: { keyLog: views[0].keyLog, renegotiation: dice.once(2), ...more.client }, server });
	if (attack === LIAR) makeLiar(dice.pick(ends), dice, bodies);
	const run = new Run(dice, ends, views, attackerOf(attack, dice, scenario));
	try {
		run.play();
	} catch (error) {
		if (error instanceof Error) error.message = `${scenario.name}, attack ${attack}: ${error.message}`;
		throw error;
	}
	for (const { failure } of ends) {
		const name = failureName(failure);
		reached.set(name, (reached.get(name) ?? 0) + 1);
	}
	if (attack !== LIAR && views[0].agreed !== undefined && views[1].agreed !== undefined) {
		assert.deepEqual(views[0].agreed, views[1].agreed, "both are open and believe in different things");
		for (const [label, secret] of views[0].secrets) {
			const other = views[1].secrets.get(label);
			if (other !== undefined) assert.equal(other, secret, `${label} of both`);
		}
	}
	return run;
}

const NOBODY = 0;
const BYTES = 1;
const RECORDS = 2;
const MESSAGES = 3;
const LIAR = 4;
const FALSE_CERTIFICATE = 5;

function attackerOf(attack: number, dice: Dice, { datagrams = false }: Scenario): Attacker | undefined {
	if (attack === NOBODY || attack === LIAR || attack === FALSE_CERTIFICATE) return undefined;
	if (datagrams) return new DatagramAttacker(dice);
	if (attack === BYTES) return new ByteAttacker(dice, bodies);
	return attack === RECORDS ? new RecordAttacker(dice) : new MessageAttacker(dice, messages);
}

test("whole connections under toy algorithms", (t) => {
	const count = fuzz(t, 8, (dice) => {
		const scenario = dice.pick(scenarios);
		const attack = dice.once(30) ? NOBODY : BYTES + dice.roll(5);
		const { ends, views } = play(dice, scenario, attack);
		if (attack !== NOBODY) return;
		for (const { failure } of ends) assert.equal(failureName(failure), "NO_FAILURE", `${scenario.name}, untouched`);
		assert.ok(views[0].agreed !== undefined && views[1].agreed !== undefined, `${scenario.name}, untouched: not open`);
	});
	tellCoverage(t);
	if (count > 500) assert.ok(reached.size > 40, `only ${[...reached.keys()].join(", ")}`);
});

test("whole connections under real algorithms", (t) => {
	const registry = testRegistry();
	const { trust, server, client } = new TestPki(registry);
	const real = scenarios.filter(({ name, resumes }) => !resumes && !/CBC|PSK|lengths/.test(name));
	fuzz(t, 3, (dice) => {
		const scenario = dice.pick(real);
		const mutual = "verifyClient" in scenario.server ? { credentials: [client] } : {};
		const common = { registry, trust };
		play(dice, scenario, dice.pick([BYTES, RECORDS, MESSAGES]), { client: { ...common, ...mutual }, server: { ...common, credentials: [server] } });
	});
});

/** Rows that only certain rooms of the stack raise, or that toy algorithms can't reach. */
const elsewhere = /^(CERTIFICATE_|CRL_|OCSP_|PRIVATE_KEY_|PEM_|ENCRYPTED_KEY_|PASSWORD_|ISSUE_|CERTIFICATION_REQUEST)/;

function tellCoverage(t: TestContext): void {
	const rows = Object.entries(failures)
		.filter(([name, value]) => typeof value === "number" && value >> 16 >= 160 && !elsewhere.test(name))
		.map(([name]) => name);
	const missing = rows.filter((name) => !reached.has(name));
	t.diagnostic(
		`${rows.length - missing.length} of ${rows.length} rows of records, messages and handshakes were reached, of others ${[...reached.keys()].filter((name) => !rows.includes(name)).length}`,
	);
	t.diagnostic(`not reached: ${missing.join(" ")}`);
	assert.ok(reached.has(failureName(NO_FAILURE)), "some went well");
}
