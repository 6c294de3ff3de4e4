// `npm run bench -- wire`: bytes on the wire of DTLS 1.3 in the smallest configuration, beside what the IETF has reckoned.

import { nodeRegistry } from "../../hosts/node/registry.js";
import { TestPki } from "../suite/pair/harness.js";
import { measureWire, RECKONED_RECORD, wireSetups } from "../suite/pair/wire-sizes.js";
import type { Part } from "./part.js";
import type { Table } from "./table.js";

export const benchWire: Part = async (progress) => {
	progress("bytes on the wire");
	const registry = nodeRegistry("node");
	registry.start();
	const pki = new TestPki(registry);
	const figures = wireSetups(registry).map((setup) => ({ name: setup.name, reckoned: setup.reckoned, ...measureWire(pki, registry, setup) }));
	const table: Table = {
		title: "DTLS 1.3 on the wire, bytes of UDP payload: TLS_AES_128_CCM_8_SHA256, one group and scheme, no connection id, no cookie",
		columns: ["handshake", "flight 1", "flight 2", "flight 3", "sum", "the IETF's 1", "2", "3", "sum", "ACK of the last", "a record"],
		rows: figures.map(({ name, flights, total, reckoned, ack, record }) => [name, ...flights, total, ...reckoned, ack, record]),
		notes: [
			"The IETF's: draft-ietf-iotops-security-protocol-comparison, which doesn't count the ACK of the last flight (RFC 9147 5.8.1),",
			`and ${RECKONED_RECORD} bytes for a record with an 8-byte tag: header 2, type 1, tag 8. A record has 1 more once 128 were sent of which nobody knows that they arrived.`,
		],
	};
	return { figures, tables: [table] };
};
