// What a connection takes of a device's heap: when it is opened, at most in its handshake, and when it is open; and its
// parts. On XS, counted as on a 32-bit device. The limits are a little above what was measured: what grows fails.

import assert from "node:assert/strict";
import { test } from "node:test";
import { HeapLab } from "../support/heap-lab.js";
import { shakeHands } from "./peer.js";

interface Row {
	name: string;
	role: "client" | "server";
	datagrams?: boolean;
	profile: "iot" | "web";
	version: number;
	/** Bytes, buffers included: when opened, at most, when open. */
	limits: [number, number, number];
}

/** One array: regions of both profiles (engine/buffers). */
const buffers = { iot: 10778, web: 33306 };

const rows: Row[] = [
	{ name: "TLS 1.3 server, iot", role: "server", profile: "iot", version: 0x0304, limits: [17900, 24700, 19600] },
	{ name: "TLS 1.3 client, iot", role: "client", profile: "iot", version: 0x0304, limits: [18300, 35000, 19600] },
	{ name: "TLS 1.2 server, iot", role: "server", profile: "iot", version: 0x0303, limits: [17900, 25900, 20300] },
	{ name: "TLS 1.2 client, iot", role: "client", profile: "iot", version: 0x0303, limits: [18300, 34600, 20300] },
	{ name: "TLS 1.3 server, web", role: "server", profile: "web", version: 0x0304, limits: [40500, 47300, 42200] },
	{ name: "TLS 1.3 client, web", role: "client", profile: "web", version: 0x0304, limits: [40900, 57600, 42200] },
	{ name: "DTLS 1.3 server, iot", role: "server", datagrams: true, profile: "iot", version: 0x0304, limits: [24600, 32500, 30300] },
	{ name: "DTLS 1.3 client, iot", role: "client", datagrams: true, profile: "iot", version: 0x0304, limits: [25000, 42700, 30300] },
	{ name: "DTLS 1.2 server, iot", role: "server", datagrams: true, profile: "iot", version: 0x0303, limits: [24700, 32400, 27300] },
	{ name: "DTLS 1.2 client, iot", role: "client", datagrams: true, profile: "iot", version: 0x0303, limits: [25100, 41100, 27300] },
];

/** Measures after each new state and each so many polls: the jobs of public keys grow while they work. */
const STRIDE = 5;

test("what a connection takes on XS", async (t) => {
	const lab = await HeapLab.start("test/memory/program.ts");
	t.after(() => lab.close());
	const recipeOf = ({ datagrams, profile, version }: Row) => ({
		kit: "device" as const,
		datagrams,
		options: { profile, minimumVersion: version, maximumVersion: version },
	});
	t.diagnostic("bytes                     buffers  opened  handshake (in)                          open  beyond buffers");
	for (const row of rows)
		await t.test(row.name, async (t) => {
			const recipe = recipeOf(row);
			await shakeHands(lab, row.role, recipe, async () => {}); // what is made once is there
			await lab.call("drop");
			await lab.base();
			let opened = 0;
			let most = 0;
			let where = "";
			let polls = 0;
			let last = "";
			await shakeHands(lab, row.role, recipe, async ({ stateName }) => {
				if (stateName === last && ++polls % STRIDE !== 0) return;
				last = stateName;
				const { bytes } = await lab.live();
				opened ||= bytes;
				if (bytes > most) [most, where] = [bytes, stateName];
			});
			const open = (await lab.live()).bytes;
			await lab.call("drop");
			const reserved = buffers[row.profile];
			t.diagnostic(
				`${row.name.padEnd(24)} ${String(reserved).padStart(8)} ${String(opened).padStart(7)} ${String(most).padStart(9)} ${where.padEnd(28)} ${String(open).padStart(6)} ${String(open - reserved).padStart(7)}`,
			);
			const measured = [opened, most, open];
			for (const [i, what] of ["opened", "in its handshake", "open"].entries())
				assert.ok(measured[i] <= row.limits[i], `${what} it takes ${measured[i]} bytes, the limit is ${row.limits[i]}`);
			assert.equal((await lab.live()).bytes, 0, "and nothing afterwards");
		});
});
