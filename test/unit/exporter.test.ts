// Exporters (RFC 5705, RFC 8446 7.5) with node:tls at the other end, which is OpenSSL: both derive the same secret.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { connect } from "node:net";
import { test } from "node:test";
import { createServer, type TLSSocket } from "node:tls";
import { exportSecret } from "polltls/exporter";
import { TrustStore } from "polltls/pki/trust";
import { openTlsClient } from "polltls/tls-client";
import { TLS_1_2, TLS_1_3 } from "polltls/wire/registry";
import { NodeClock } from "../../hosts/node/clock.js";
import { nodeEntropy } from "../../hosts/node/entropy.js";
import { nodeRegistry } from "../../hosts/node/registry.js";
import { TlsStream } from "../../hosts/node/tls-stream.js";
import { makePki } from "../support/pki.js";

const label = "EXPERIMENTAL-polltls";

test("the same secret as node:tls derives, in both versions, with and without a context", async (t) => {
	const pki = makePki(t);
	const registry = nodeRegistry("node");
	registry.start();
	const trust = new TrustStore();
	assert.equal(trust.addPem(readFileSync(pki.ca, "utf8")), 0);
	for (const version of [TLS_1_2, TLS_1_3]) {
		let accepted: (socket: TLSSocket) => void = () => {};
		const other = new Promise<TLSSocket>((resolve) => {
			accepted = resolve;
		});
		const server = createServer({ cert: readFileSync(pki.ec.certificate), key: readFileSync(pki.ec.key) }, (socket) => accepted(socket));
		t.after(() => void server.close());
		await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
		const { port } = server.address() as { port: number };
		const options = { registry, clock: new NodeClock(), entropy: nodeEntropy, trust, peerName: "localhost", maximumVersion: version };
		const connection = openTlsClient(options);
		assert.equal(exportSecret(connection, label, undefined, 32), undefined, "not before it is open");
		const stream = new TlsStream(connection, connect(port, "127.0.0.1"));
		await new Promise((resolve, reject) => stream.once("secure", resolve).once("error", reject));
		const socket = await other;
		for (const context of [undefined, Buffer.from("some context"), Buffer.alloc(0)])
			for (const length of [16, 32, 100]) {
				// node:tls says "no context" by leaving it out
				const theirs =
					context === undefined
						? socket.exportKeyingMaterial(length, label, undefined as unknown as Buffer)
						: socket.exportKeyingMaterial(length, label, context);
				assert.deepEqual(Buffer.from(exportSecret(connection, label, context, length) ?? []), theirs, `${version.toString(16)}, ${context?.length}, ${length}`);
			}
		socket.destroy();
		stream.destroy();
	}
});
