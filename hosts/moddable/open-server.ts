// Which server the TLS listener links: both versions of TLS. For 1.3 alone a manifest maps this module to open-server13.

import type { ServerOptions } from "polltls/engine/config";
import type { Connection } from "polltls/engine/connection";
import { openTlsServer } from "polltls/tls-server";

export function openServer(options: ServerOptions): Connection {
	return openTlsServer(options);
}
