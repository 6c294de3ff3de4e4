// The same as open-server.ts, with TLS 1.3 alone: two thirds of the code.

import type { ServerOptions } from "polltls/engine/config";
import type { Connection } from "polltls/engine/connection";
import { openTls13Server } from "polltls/tls13-server";

export function openServer(options: ServerOptions): Connection {
	return openTls13Server(options);
}
