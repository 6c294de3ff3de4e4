// Stands for open-client.ts where only a server is linked.

import type { ClientOptions } from "polltls/engine/config";
import type { Connection } from "polltls/engine/connection";

export function openClient(_options: ClientOptions): Connection {
	throw new Error("this application links no TLS client: include manifest_tls_client.json");
}
