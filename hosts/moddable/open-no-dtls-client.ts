// Stands for open-dtls-client.ts where only a server is linked.

import type { DtlsOptions } from "polltls/dtls-options";
import type { ClientOptions } from "polltls/engine/config";
import type { Connection } from "polltls/engine/connection";

export function openDtls(_options: ClientOptions & DtlsOptions): Connection {
	throw new Error("this application links no DTLS client: include manifest_dtls_client.json");
}
