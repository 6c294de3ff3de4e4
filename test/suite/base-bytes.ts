// Portable cases for base/bytes, text, reader and writer.

import { copy, equalConstantTime, equalPublic, wipe } from "polltls/base/bytes";
import { Reader } from "polltls/base/reader";
import { bytesOfText, textAt } from "polltls/base/text";
import { Writer } from "polltls/base/writer";

function equal(actual: unknown, expected: unknown): void {
	if (actual !== expected) throw new Error(`expected ${String(expected)}, got ${String(actual)}`);
}

export const cases: Record<string, () => void> = {
	"constant-time comparison tells any difference"() {
		const a = Uint8Array.of(1, 2, 3, 4, 5);
		for (let i = 1; i < 4; i++)
			for (const bit of [1, 128]) {
				const b = a.slice();
				b[i] ^= bit;
				equal(equalConstantTime(a, 1, b, 1, 3), 0);
			}
		equal(equalConstantTime(a, 1, Uint8Array.of(2, 3, 4), 0, 3), 1);
		equal(equalConstantTime(a, 0, a, 0, 0), 1);
	},
	"public comparison wants equal lengths"() {
		const a = Uint8Array.of(1, 2, 3);
		equal(equalPublic(a, 0, 2, a, 0, 3), false);
		equal(equalPublic(a, 0, 3, Uint8Array.of(9, 1, 2, 3), 1, 4), true);
		equal(equalPublic(a, 0, 3, Uint8Array.of(1, 2, 4), 0, 3), false);
	},
	"text to bytes and back, whatever its length"() {
		const all = "The quick br\u00f6wn fox";
		for (let length = 0; length <= all.length; length++) {
			const text = all.slice(0, length);
			const bytes = bytesOfText(text);
			equal(bytes.length, length);
			equal(textAt(bytes, 0, length), text);
			if (length > 2) equal(textAt(bytes, 1, length - 1), text.slice(1, -1));
		}
		equal(bytesOfText("\u00f6A").join(), "246,65");
	},
	"copy moves within one array and between two"() {
		const a = Uint8Array.from({ length: 40 }, (_, i) => i);
		copy(a, 2, a, 0, 30);
		equal(a.subarray(0, 6).join(), "0,1,0,1,2,3");
		equal(a[31], 29);
		const b = new Uint8Array(40);
		copy(b, 1, a, 0, 8);
		equal(b.subarray(0, 5).join(), "0,0,1,0,1");
		copy(b, 0, a, 0, 40);
		equal(b.join(), a.join());
		copy(b, 20, a, 0, 20);
		equal(b.subarray(20).join(), a.subarray(0, 20).join());
		wipe(b);
		equal(b.join(""), "0".repeat(40));
	},
	"reader reads what writer wrote"() {
		const memory = new Uint8Array(64);
		const writer = new Writer();
		writer.reset(memory, 3, 64);
		writer.u8(0xfe);
		writer.u24(0x123456);
		const outer = writer.open16();
		writer.u32(0xfedcba98);
		const inner = writer.open8();
		writer.fill(7, 3);
		writer.close8(inner);
		writer.close16(outer);
		equal(writer.failed, false);
		const reader = new Reader();
		reader.reset(memory, 3, writer.at);
		equal(reader.u8(), 0xfe);
		equal(reader.u24(), 0x123456);
		const outerMark = reader.open16();
		equal(reader.u32(), 0xfedcba98);
		const innerMark = reader.open8();
		equal(reader.end - reader.at, 3);
		reader.take(3);
		reader.close(innerMark);
		equal(reader.more(), false);
		reader.close(outerMark);
		equal(reader.finished(), true);
	},
	"reader's errors stick"() {
		const reader = new Reader();
		reader.reset(Uint8Array.of(0, 4, 1, 2), 0, 4);
		const mark = reader.open16();
		equal(reader.failed, true);
		equal(reader.u8(), 0);
		reader.close(mark);
		equal(reader.finished(), false);
		reader.reset(Uint8Array.of(1, 5), 0, 2);
		const whole = reader.open8();
		reader.close(whole); // one byte is left in it
		equal(reader.finished(), false);
	},
	"writer writes nothing past its end"() {
		const memory = new Uint8Array(8);
		const writer = new Writer();
		writer.reset(memory, 0, 3);
		writer.u16(0x0102);
		writer.u16(0x0304);
		writer.u8(5);
		equal(writer.failed, true);
		equal(memory.join(), "1,2,0,0,0,0,0,0");
	},
};
