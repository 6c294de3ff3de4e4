// Hands on what goes between two ends, at the level of bytes, records or messages: for test/fuzz. What is sealed under toy
// algorithms lies open, so messages that are changed there still arrive.

import type { Connection } from "polltls/engine/connection";
import { alert, application_data, change_cipher_spec, handshake } from "polltls/wire/registry";
import type { Message } from "./corpus.js";
import { type Dice, mutate } from "./dice.js";

/** What an end sent -> what arrives, in order. Side 0 is the client. */
export interface Attacker {
	pass(side: number, bytes: Uint8Array): Uint8Array[];
}

const HEADER = 5;
/** Of the suites that are first: AES-GCM. */
const TAG = 16;
const NONCE = 8;

/** Bytes are changed, left out, repeated, cut into pieces. */
export class ByteAttacker implements Attacker {
	readonly #dice: Dice;
	readonly #others: readonly Uint8Array[];
	readonly #rarity: number;

	constructor(dice: Dice, others: readonly Uint8Array[]) {
		this.#dice = dice;
		this.#others = others;
		this.#rarity = 1 + dice.roll(6);
	}

	pass(_side: number, bytes: Uint8Array): Uint8Array[] {
		const dice = this.#dice;
		const changed = dice.once(this.#rarity) ? mutate(dice, bytes, this.#others) : bytes;
		const cut = dice.roll(changed.length + 1);
		return dice.once(3) ? [changed.subarray(0, cut), changed.subarray(cut)] : [changed];
	}
}

/** Datagrams are lost, repeated, held back, swapped, changed, sent back, and others come in between. */
export class DatagramAttacker implements Attacker {
	readonly #dice: Dice;
	readonly #seen: Uint8Array[] = [];
	readonly #held: Uint8Array[][] = [[], []];
	readonly #rarity: number;

	constructor(dice: Dice) {
		this.#dice = dice;
		this.#rarity = 1 + dice.roll(8);
	}

	pass(side: number, bytes: Uint8Array): Uint8Array[] {
		const dice = this.#dice;
		const held = this.#held[side].splice(0);
		this.#seen.push(bytes);
		if (!dice.once(this.#rarity)) return [bytes, ...held];
		switch (dice.roll(7)) {
			case 0:
				return held;
			case 1:
				return [bytes, bytes, ...held];
			case 2:
				this.#held[side].push(bytes);
				return held;
			case 3:
				return [mutate(dice, bytes, this.#seen), ...held];
			case 4:
				return [mutate(dice, bytes, this.#seen), bytes, ...held];
			case 5:
				return [bytes, dice.pick(this.#seen), ...held];
			default:
				return [dice.bytes(dice.roll(80)), bytes, ...held];
		}
	}
}

/** Cuts a side's stream into its records; what isn't whole yet waits. */
class RecordStream {
	#rest = new Uint8Array(0);
	/** A change_cipher_spec has gone: what follows in 1.2 is sealed. */
	sealed = false;

	take(bytes: Uint8Array): Uint8Array[] {
		const all = new Uint8Array(this.#rest.length + bytes.length);
		all.set(this.#rest);
		all.set(bytes, this.#rest.length);
		const records: Uint8Array[] = [];
		let at = 0;
		while (all.length - at >= HEADER) {
			const end = at + HEADER + ((all[at + 3] << 8) | all[at + 4]);
			if (end > all.length) break;
			records.push(all.subarray(at, end));
			at = end;
		}
		this.#rest = all.slice(at);
		return records;
	}
}

function record(type: number, content: Uint8Array): Uint8Array {
	const bytes = new Uint8Array(HEADER + content.length);
	bytes.set([type, 3, 3, content.length >> 8, content.length & 255]);
	bytes.set(content, HEADER);
	return bytes;
}

/** Records are left out, repeated, swapped, cut in two, joined, sent back, sent again later, and others come in between. */
export class RecordAttacker implements Attacker {
	readonly #dice: Dice;
	readonly #streams = [new RecordStream(), new RecordStream()];
	readonly #seen: Uint8Array[] = [];
	readonly #rarity: number;

	constructor(dice: Dice) {
		this.#dice = dice;
		this.#rarity = 2 + dice.roll(10);
	}

	pass(side: number, bytes: Uint8Array): Uint8Array[] {
		const records = this.#streams[side].take(bytes);
		const passed: Uint8Array[] = [];
		for (const [i, one] of records.entries()) {
			this.#seen.push(one);
			if (this.#dice.once(this.#rarity)) passed.push(...this.#change(one, records, i));
			else passed.push(one);
		}
		return passed;
	}

	#change(one: Uint8Array, records: Uint8Array[], i: number): Uint8Array[] {
		const dice = this.#dice;
		const content = one.subarray(HEADER);
		const cut = dice.roll(content.length + 1);
		switch (dice.roll(9)) {
			case 0:
				return [];
			case 1:
				return [one, one];
			case 2: {
				const j = dice.roll(records.length);
				if (j <= i) return [one];
				[records[i], records[j]] = [records[j], one];
				return [records[i]];
			}
			case 3:
				return [record(one[0], content.subarray(0, cut)), record(one[0], content.subarray(cut))];
			case 4:
				return [one, dice.pick(this.#seen)];
			case 5:
				return [record(dice.pick([change_cipher_spec, alert, handshake, application_data, 24, dice.roll(256)]), content)];
			case 6:
				return [record(alert, Uint8Array.of(1 + dice.roll(3), dice.roll(120))), one];
			case 7:
				return [record(change_cipher_spec, Uint8Array.of(dice.roll(3))), one];
			default:
				return [record(application_data, dice.bytes(dice.roll(60))), one];
		}
	}
}

/** Handshake messages are changed, left out, repeated, swapped, and others come in between; lengths and records fit again. */
export class MessageAttacker implements Attacker {
	readonly #dice: Dice;
	readonly #others: readonly Message[];
	readonly #bodies: readonly Uint8Array[];
	readonly #streams = [new RecordStream(), new RecordStream()];
	readonly #rarity: number;

	constructor(dice: Dice, others: readonly Message[]) {
		this.#dice = dice;
		this.#others = others;
		this.#bodies = others.map(({ body }) => body);
		this.#rarity = 2 + dice.roll(12);
	}

	pass(side: number, bytes: Uint8Array): Uint8Array[] {
		const stream = this.#streams[side];
		return stream.take(bytes).map((one) => {
			if (one[0] === change_cipher_spec) stream.sealed = true;
			return this.#open(one, stream.sealed);
		});
	}

	/** Looks for messages in a record, whichever way it is sealed. */
	#open(one: Uint8Array, sealed: boolean): Uint8Array {
		const content = one.subarray(HEADER);
		if (one[0] === application_data && content.length > TAG && content[content.length - TAG - 1] === handshake) {
			const inner = this.#change(content.subarray(0, content.length - TAG - 1));
			return inner === undefined ? one : record(application_data, Uint8Array.of(...inner, handshake, ...new Uint8Array(TAG)));
		}
		if (one[0] !== handshake) return one;
		if (sealed && content.length >= NONCE + TAG) {
			const inner = this.#change(content.subarray(NONCE, content.length - TAG));
			return inner === undefined ? one : record(handshake, Uint8Array.of(...new Uint8Array(NONCE), ...inner, ...new Uint8Array(TAG)));
		}
		const inner = this.#change(content);
		return inner === undefined ? one : record(handshake, inner);
	}

	/** The messages in a record's content, changed by chance; undefined: they are as they were. */
	#change(content: Uint8Array): Uint8Array | undefined {
		const dice = this.#dice;
		const messages: { type: number; body: Uint8Array }[] = [];
		for (let at = 0; at < content.length; ) {
			const end = at + 4 + ((content[at + 1] << 16) | (content[at + 2] << 8) | content[at + 3]);
			if (end > content.length) return undefined;
			messages.push({ type: content[at], body: content.slice(at + 4, end) });
			at = end;
		}
		let changed = false;
		for (let i = 0; i < messages.length; i++) {
			if (!dice.once(this.#rarity)) continue;
			changed = true;
			const other = dice.pick(this.#others);
			switch (dice.roll(6)) {
				case 0:
					messages.splice(i, 1);
					break;
				case 1:
					messages.splice(i, 0, messages[i]);
					i++;
					break;
				case 2:
					messages.splice(i, 0, other);
					i++;
					break;
				case 3:
					messages[i] = { type: messages[i].type, body: other.body };
					break;
				case 4: {
					const j = dice.roll(messages.length);
					[messages[i], messages[j]] = [messages[j], messages[i]];
					break;
				}
				default:
					messages[i] = { type: messages[i].type, body: mutate(dice, messages[i].body, this.#bodies) };
			}
		}
		if (!changed) return undefined;
		const parts = messages.flatMap(({ type, body }) => [Uint8Array.of(type, body.length >> 16, body.length >> 8, body.length), body]);
		return new Uint8Array(Buffer.concat(parts)).slice(0, 16000);
	}
}

/** Makes an end a liar: a message of its own is changed before it is hashed and sealed, so its Finished fits what it said. */
export function makeLiar(end: Connection, dice: Dice, others: readonly Uint8Array[]): void {
	const seam = end.traffic.messages;
	const { begin, end: finish } = seam;
	const rarity = 1 + dice.roll(5);
	let bodyAt = 0;
	seam.begin = (type) => {
		begin.call(seam, type);
		bodyAt = seam.writer.at;
	};
	seam.end = (transcript) => {
		const { writer, memory } = seam;
		if (dice.once(rarity)) {
			const changed = mutate(dice, memory.slice(bodyAt, writer.at), others).subarray(0, writer.end - bodyAt);
			memory.set(changed, bodyAt);
			writer.at = bodyAt + changed.length;
		}
		finish.call(seam, transcript);
	};
}
