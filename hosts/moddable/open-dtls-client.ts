// Which client the DTLS sockets link: both versions of DTLS.

import { openDtlsClient } from "polltls/dtls-client";
import type { DtlsOptions } from "polltls/dtls-options";
import type { ClientOptions } from "polltls/engine/config";
import type { Connection } from "polltls/engine/connection";

export function openDtls(options: ClientOptions & DtlsOptions): Connection {
	return openDtlsClient(options);
}
