// What all echo programs begin with: a stack that is started, over whatever device they run on.

import type { Registry } from "polltls/crypto/registry";
import { openDtlsClient } from "polltls/dtls-client";
import { openDtlsDoor, openDtlsServer } from "polltls/dtls-server";
import type { Configuration } from "polltls/io/configuration";
import { Stack } from "polltls/io/module";
import type { DatagramNetwork, Device } from "polltls/os/os";
import { openTlsClient } from "polltls/tls-client";
import { openTlsServer } from "polltls/tls-server";
import { check } from "./text.js";

/** A device with TCP and UDP. */
export type EchoDevice = Device & DatagramNetwork;

/** Makes a stack, registers a host's algorithms and starts it. Throws with what is wrong. */
export function startStack(device: Pick<Device, "clock" | "entropy" | "log">, algorithms: Registry, values: Partial<Configuration> = {}): Stack {
	const linked = { openTlsClient, openTlsServer, openDtlsClient, openDtlsDoor, openDtlsServer };
	const { clock, entropy, log } = device;
	const stack = new Stack({ clock, entropy, log, linked });
	check("init", stack.init({ receiveBufferSize: 4096, dtls: true, ...values }), stack);
	const { hashes, bulks, signatures, keyExchanges } = algorithms;
	for (let i = 0; i < hashes.length; i++) check("registerHash", stack.registerHash(i, hashes[i]), stack);
	for (let i = 0; i < bulks.length; i++) check("registerBulk", stack.registerBulk(i, bulks[i]), stack);
	for (let i = 0; i < signatures.length; i++) check("registerSign", stack.registerSign(i, signatures[i]), stack);
	for (let i = 0; i < keyExchanges.length; i++) check("registerKeyExchange", stack.registerKeyExchange(i, keyExchanges[i]), stack);
	check("start", stack.start(), stack);
	return stack;
}
