// The same as open-client.ts, with TLS 1.3 alone: two thirds of the code.

import type { ClientOptions } from "polltls/engine/config";
import type { Connection } from "polltls/engine/connection";
import { openTls13Client } from "polltls/tls13-client";

export function openClient(options: ClientOptions): Connection {
	return openTls13Client(options);
}
