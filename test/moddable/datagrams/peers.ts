// With other stacks: a client that says one thing and hears it again, or what the peer says.

import type { DtlsSocketOptions } from "polltls/moddable/dtls-socket";
import { parameter, print } from "test/sdk/support";
import { opened, psks, server, trusted } from "./probe.js";

/** Says hello and prints what comes back. */
export async function sayHello(): Promise<number> {
	const options: DtlsSocketOptions = parameter("PSK") ? { ...server(), dtls: { ca: [], psks: psks() } } : trusted();
	const probe = await opened(options);
	print(`answer ${(await probe.ask("hello from an image\n")).trim()}`);
	print(`version ${(probe.socket.connection?.negotiated.version ?? 0).toString(16)}`);
	probe.close();
	return 0;
}
