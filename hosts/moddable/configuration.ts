// The stack's configuration as the application's manifest has it, fixed when the image is built:
//
//     "config": { "polltls": { "maxConnections": 4, "receiveBufferSize": 4096 } }

import config from "mc/config";
import type { Configuration } from "polltls/io/configuration";

/** What the manifest says, for Stack.init; names and values are checked there. */
export function manifestConfiguration(): Partial<Configuration> {
	return (config as { polltls?: Partial<Configuration> }).polltls ?? {};
}
