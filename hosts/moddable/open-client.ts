// Which client the TLS sockets link: both versions of TLS. For 1.3 alone a manifest maps this module to open-client13.

import type { ClientOptions } from "polltls/engine/config";
import type { Connection } from "polltls/engine/connection";
import { openTlsClient } from "polltls/tls-client";

export function openClient(options: ClientOptions): Connection {
	return openTlsClient(options);
}
