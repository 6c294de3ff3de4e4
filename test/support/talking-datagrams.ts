// A DTLS server on Node that talks as tests of clients need it: it sends back what comes, and more by request.

import { readFileSync } from "node:fs";
import { openDtlsDoor } from "polltls/dtls-server";
import { TicketKeys } from "polltls/handshake/ticket-keys";
import { NodeClock } from "../../hosts/node/clock.js";
import { DtlsServer } from "../../hosts/node/dtls-server.js";
import type { DtlsStream } from "../../hosts/node/dtls-stream.js";
import { nodeEntropy } from "../../hosts/node/entropy.js";
import { serverOptions } from "../../hosts/node/plain-options.js";
import { nodeRegistry } from "../../hosts/node/registry.js";
import { versionName } from "../../hosts/node/versions.js";
import type { Pki } from "./pki.js";
import type { Ending } from "./processes.js";

/** What clients may have as a pre-shared key. */
export const datagramPsk = { identity: "sensor-1", key: "07".repeat(16) };

/**
 * Answers its port. Datagrams come back; but "#" asks for JSON about the connection, "three!" for three datagrams, and
 * "bye!" comes back and ends it.
 */
export async function startTalkingDatagrams(t: Ending, pki: Pki): Promise<number> {
	const registry = nodeRegistry("node");
	registry.start();
	const clock = new NodeClock();
	const parts = { registry, clock, entropy: nodeEntropy };
	const options = serverOptions(
		{
			credentials: [{ chain: readFileSync(pki.ec.certificate, "latin1"), key: readFileSync(pki.ec.key, "latin1") }],
			trust: readFileSync(pki.ca, "latin1"),
			psks: [datagramPsk],
			alpn: ["coap"],
			verifyClient: "request",
		},
		parts,
	);
	const tickets = new TicketKeys(registry, clock, nodeEntropy, 3600);
	const server = new DtlsServer(openDtlsDoor({ ...options, tickets, keepPeerCertificate: true, connectionIdLength: 5, maxConnections: 64 }));
	server.on("stream", (stream: DtlsStream) => {
		stream.on("error", () => {});
		stream.on("data", (data: Buffer) => {
			const text = data.toString("latin1");
			if (text === "#") stream.write(JSON.stringify(describe(stream)));
			else if (text === "three!") for (const each of ["one", "two", "three"]) stream.write(each);
			else if (text === "bye!") stream.end(data);
			else stream.write(data);
		});
		stream.on("end", () => stream.end());
	});
	t.after(() => server.close());
	return server.listen(0, "127.0.0.1");
}

function describe({ connection }: DtlsStream): object {
	const { version, alpn, pskIdentity, resumed } = connection.negotiated;
	const text = (bytes: Uint8Array | undefined): string => (bytes === undefined ? "" : Buffer.from(bytes).toString("latin1"));
	return {
		version: versionName(version),
		alpn,
		psk: resumed ? "" : text(pskIdentity),
		client: connection.peerCertificate !== undefined,
		resumed,
		id: connection.traffic.input.localId?.length ?? -1,
	};
}
