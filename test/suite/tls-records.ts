// Portable cases of the record layer over a stream: bytes straight from the stream and to it, and when there is something to read.

import { RECORD_TOO_LARGE_FOR_BUFFER, RECORD_TYPE_UNKNOWN, RECORD_VERSION_UNKNOWN } from "polltls/base/failure";
import { streamPair } from "polltls/os/in-memory-network";
import { NO_RECORD, TlsInput } from "polltls/record/tls-input";
import { ALERT_RESERVE, TlsOutput } from "polltls/record/tls-output";
import { application_data, handshake } from "polltls/wire/registry";
import { equal } from "./pair/harness.js";

const REGION = 256;
/** Around the region, to see that nothing is written there. */
const MARGIN = 8;
const CLOSED = -1;
const FAILED = -2;

function inputOf(): { memory: Uint8Array; input: TlsInput } {
	const memory = new Uint8Array(REGION + 2 * MARGIN);
	return { memory, input: new TlsInput(memory, MARGIN, MARGIN + REGION) };
}

function recordOf(length: number, type = handshake): number[] {
	return [type, 3, 3, length >> 8, length & 255, ...Array.from({ length }, (_, i) => i & 255)];
}

function put(to: ReturnType<typeof streamPair>[0], bytes: number[]): void {
	equal(to.write(Uint8Array.from(bytes), 0, bytes.length), bytes.length);
}

export const cases: Record<string, () => void> = {
	"a record in pieces of any size: ready with its last byte, not before": () => {
		for (const chunk of [1, 2, 3, 5, 7, 64]) {
			const [here, there] = streamPair();
			const { memory, input } = inputOf();
			put(there, [...recordOf(100), ...recordOf(30)]);
			here.chunk = chunk;
			let taken = 0;
			while (!input.ready) {
				equal(input.read(), NO_RECORD);
				const count = input.networkFrom(here);
				equal(count > 0 && count <= chunk, true);
				taken += count;
			}
			equal(taken >= 105 && taken < 105 + chunk, true, `${taken} with pieces of ${chunk}`);
			equal(input.bytes, taken);
			equal(input.read(), handshake);
			equal(input.end - input.at, 100);
			for (let i = 0; i < 100; i++) equal(memory[input.at + i], i);
			input.release();
			while (!input.ready) equal(input.networkFrom(here) > 0, true);
			equal(input.read(), handshake);
			equal(input.end - input.at, 30);
		}
	},
	"no more is read than there is room for, and nothing is lost": () => {
		const [here, there] = streamPair();
		const { memory, input } = inputOf();
		for (let i = 0; i < 9; i++) put(there, recordOf(60 + i));
		let records = 0;
		while (records < 9) {
			while (input.networkFrom(here) > 0);
			equal(memory.subarray(0, MARGIN).every((byte) => byte === 0) && memory.subarray(MARGIN + REGION).every((byte) => byte === 0), true);
			equal(input.read(), handshake, `record ${records}`);
			equal(input.end - input.at, 60 + records++);
			input.release();
		}
		equal(here.waiting, 0);
		equal(input.networkFrom(here), 0, "nothing has come");
	},
	"what is no record is ready to be refused at its first wrong byte": () => {
		for (const [bytes, failure] of [
			[[0x48], RECORD_TYPE_UNKNOWN],
			[[handshake, 9], RECORD_VERSION_UNKNOWN],
			[[handshake, 9, 1, 0, 9], RECORD_VERSION_UNKNOWN],
			[[handshake, 3, 3, 0x30, 0], RECORD_TOO_LARGE_FOR_BUFFER],
		] as const) {
			const [here, there] = streamPair();
			const { input } = inputOf();
			put(there, [...recordOf(3), ...bytes]);
			equal(input.networkFrom(here), 8 + bytes.length);
			equal(input.read(), handshake);
			input.release();
			equal(input.ready, true, `${bytes}`);
			equal(input.read(), failure);
		}
	},
	"a stream that has ended says so": () => {
		const [here, there] = streamPair();
		const { input } = inputOf();
		put(there, recordOf(5));
		there.close();
		equal(input.networkFrom(here), 10);
		equal(input.networkFrom(here), CLOSED);
		equal(input.read(), handshake);
	},
	"what the network takes only in part goes on where it stopped": () => {
		const [here, there] = streamPair();
		const memory = new Uint8Array(REGION + ALERT_RESERVE);
		const output = new TlsOutput(memory, 0, memory.length);
		const sent: number[] = [];
		const received = new Uint8Array(REGION);
		here.chunk = 7;
		here.window = 50;
		for (let record = 0; record < 4; record++) {
			const at = output.contentAt();
			for (let i = 0; i < 90; i++) memory[at + i] = record + i;
			output.seal(application_data, at + 90);
			equal(output.pending, 95);
			while (output.pending > 0) {
				const count = output.networkTo(here);
				if (count > 0) continue;
				const taken = there.read(received, 0, 20);
				for (let i = 0; i < taken; i++) sent.push(received[i]);
			}
		}
		equal(output.networkTo(here), 0, "nothing waits");
		for (let taken = there.read(received, 0, REGION); taken > 0; taken = there.read(received, 0, REGION))
			for (let i = 0; i < taken; i++) sent.push(received[i]);
		equal(sent.length, 4 * 95);
		equal(output.bytes, 4 * 95);
		for (let record = 0; record < 4; record++) for (let i = 0; i < 90; i++) equal(sent[record * 95 + 5 + i], record + i);
	},
	"what a broken stream doesn't take is dropped: there is room again": () => {
		const [here] = streamPair();
		const memory = new Uint8Array(REGION + ALERT_RESERVE);
		const output = new TlsOutput(memory, 0, memory.length);
		const room = output.room();
		output.seal(application_data, output.contentAt() + 90);
		here.broken = true;
		equal(output.networkTo(here), FAILED);
		equal(output.pending, 0);
		equal(output.room(), room);
	},
};
