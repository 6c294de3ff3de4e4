// Bytes on the wire in the smallest configuration: no more than the IETF's comparison of protocols has reckoned.

import assert from "node:assert/strict";
import { test } from "node:test";
import { nodeRegistry } from "../../hosts/node/registry.js";
import { dtlsPair } from "../suite/pair/dtls-pair.js";
import { TestPki } from "../suite/pair/harness.js";
import { describeEnd } from "../suite/pair/lossy-network.js";
import { measureWire, RECKONED_RECORD, wireSetups } from "../suite/pair/wire-sizes.js";

const registry = nodeRegistry("node");
registry.start();
const pki = new TestPki(registry);

test("the smallest handshakes with a cookie, and with datagrams of 228 bytes", () => {
	for (const { name, client, server } of wireSetups(registry))
		for (const mtu of [228, 1400]) {
			const network = dtlsPair(pki, registry, { version: "1.3", cookies: true, mtu, client, server });
			assert.ok(
				network.runUntil(() => network.established, 2000),
				`${name}: ${network.ends.map(describeEnd).join("; ")}`,
			);
			assert.equal(network.answers, 1);
		}
});

for (const setup of wireSetups(registry))
	test(`DTLS 1.3, ${setup.name}: ${setup.reckoned[3]} bytes at the most, ${RECKONED_RECORD} for a record`, (t) => {
		const { flights, total, ack, record } = measureWire(pki, registry, setup);
		t.diagnostic(`${flights.join(" + ")} = ${total} bytes, the IETF reckons ${setup.reckoned.slice(0, 3).join(" + ")}; the ACK ${ack}; a record ${record}`);
		for (let i = 0; i < flights.length; i++) assert.ok(flights[i] <= setup.reckoned[i], `flight ${i + 1}: ${flights[i]}`);
		assert.ok(total <= setup.reckoned[3]);
		assert.ok(record <= RECKONED_RECORD);
	});
