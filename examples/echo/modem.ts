// A client whose modem does TLS: the program above is the very same as over a plain transport. No TLS is linked and no
// algorithm is registered; what the security configuration holds is passed down as options of the modem's socket.

import { Stack } from "polltls/io/module";
import type { Security } from "polltls/io/security";
import type { Device, OffloadTransport, Program } from "polltls/os/os";
import { check } from "./text.js";
import { EchoClient } from "./tls-socket-events.js";

export interface ModemPlan {
	/** PEM: whom to trust, and what to prove oneself with. */
	readonly ca: string;
	readonly certificate?: string;
	readonly key?: string;
	readonly peerName: string;
	readonly text: string;
}

/** Sends the text through the modem and waits until it has come back. */
export function startModemClient(
	{ clock, entropy, log }: Device,
	modem: OffloadTransport,
	plan: ModemPlan,
): Program & Pick<EchoClient, "echo" | "done" | "failure"> {
	const stack = new Stack({ clock, entropy, log, linked: {} });
	check("init", stack.init({ maxSessions: 0, nativeInterface: false }), stack);
	check("start", stack.start(), stack);
	const security = stack.createSecurity() as Security;
	check("setRootCaCert", security.setRootCaCert(plan.ca), security);
	if (plan.certificate !== undefined && plan.key !== undefined) check("setClientCertKey", security.setClientCertKey(plan.certificate, plan.key), security);
	return new EchoClient(stack, modem, security, plan.peerName, plan.text);
}
