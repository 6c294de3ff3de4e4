// What a record leaves for the garbage collector of XS once a connection is open, both ways. The algorithms are toys that
// allocate nothing, so all of it is the stack's; what the simulator's bridge to Node's ciphers adds is printed beside it.
// No garbage but the view (4 slots of 16 bytes) that each door needs to copy a piece of an array: of the doors that a
// record goes through the sender's network door gives such a piece, the receiver's two doors take and give one.

import assert from "node:assert/strict";
import { test } from "node:test";
import { type Garbage, HeapLab } from "../support/heap-lab.js";

const VIEW = 4;
const ROUNDS = 1000;
/** Chunks are counted in pieces of 4 KB over all rounds. */
const EXACT = 8;

/** Name, version, suite, over datagrams. */
const rows: [string, number, number, boolean][] = [
	["TLS 1.3 AES-GCM", 0x0304, 0x1301, false],
	["TLS 1.3 ChaCha20-Poly1305", 0x0304, 0x1303, false],
	["TLS 1.3 AES-CCM-8", 0x0304, 0x1305, false],
	["TLS 1.2 AES-GCM", 0x0303, 0xc02b, false],
	["TLS 1.2 ChaCha20-Poly1305", 0x0303, 0xcca9, false],
	["TLS 1.2 AES-CBC, encrypt-then-MAC", 0x0303, 0xc023, false],
	["DTLS 1.3 AES-GCM", 0x0304, 0x1301, true],
	["DTLS 1.2 AES-GCM", 0x0303, 0xc02b, true],
	["DTLS 1.2 AES-CBC, encrypt-then-MAC", 0x0303, 0xc023, true],
];

async function measure(lab: HeapLab, kit: string, [, version, suite, datagrams]: (typeof rows)[number]): Promise<{ send: Garbage; receive: Garbage }> {
	const recipe = { kit, datagrams, options: { profile: "iot", minimumVersion: version, maximumVersion: version, suites: [suite] } };
	assert.equal((await lab.call("pair", { recipe, size: 1000 })).value, suite);
	const rounds = kit === "toy" ? ROUNDS : ROUNDS / 2;
	const pass = await lab.garbage("pass", rounds);
	const send = await lab.garbage("send", rounds);
	return { send, receive: { slots: pass.slots - send.slots, chunks: pass.chunks - send.chunks } };
}

function text({ slots, chunks }: Garbage): string {
	return `${slots.toFixed(1)} slots, ${Math.max(0, chunks).toFixed(0)} bytes of chunks`;
}

test("records leave no garbage on XS", async (t) => {
	const lab = await HeapLab.start("test/memory/program.ts");
	t.after(() => lab.close());
	for (const row of rows)
		await t.test(row[0], async (t) => {
			const { send, receive } = await measure(lab, "toy", row);
			t.diagnostic(`sending ${text(send)}; receiving ${text(receive)}`);
			assert.ok(Math.abs(send.slots - VIEW) < 0.1 && send.chunks < EXACT, `sending: ${text(send)}`);
			assert.ok(Math.abs(receive.slots - 2 * VIEW) < 0.1 && receive.chunks < EXACT, `receiving: ${text(receive)}`);
		});
	await t.test("the bridge of the simulator, for comparison", async (t) => {
		const { send, receive } = await measure(lab, "device", ["", 0x0304, 0x1304, false]);
		t.diagnostic(`with the host's AES-CCM: sending ${text(send)}; receiving ${text(receive)}; on a device native code takes its place`);
		assert.ok(send.slots > VIEW, "the bridge makes arrays for each request");
	});
});

test("the measurement sees garbage", async (t) => {
	const lab = await HeapLab.start("test/memory/program.ts");
	t.after(() => lab.close());
	const { slots, chunks } = await lab.garbage("litter", ROUNDS);
	// an array of 100 bytes: 7 slots, and a chunk with a header of 16 bytes
	assert.ok(Math.abs(slots - 7) < 0.1 && Math.abs(chunks - 120) < 16, text({ slots, chunks }));
});
