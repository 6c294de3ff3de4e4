// An image with all of modules/ in flash. It opens one connection of each entry point, so that what they link is there.

import { openDtlsClient } from "polltls/dtls-client";
import { ModdableClock } from "polltls/moddable/clock";
import { nativeEntropy } from "polltls/moddable/entropy";
import { deviceRegistry } from "polltls/moddable/registry";
import { openTlsClient } from "polltls/tls-client";
import { openTls13Client } from "polltls/tls13-client";
import { TestNative } from "test/native/test-native";

export default function () {
	const options = { registry: deviceRegistry(), entropy: nativeEntropy, clock: new ModdableClock(), peerName: "localhost", profile: "iot" as const };
	let opened = 0;
	for (const open of [openTlsClient, openTls13Client, openDtlsClient]) {
		const connection = open(options);
		const out = new Uint8Array(2000);
		let count = 0;
		for (let i = 0; i < 1000 && count === 0; i++) {
			connection.poll();
			count = connection.networkOut(out, 0, out.length);
		}
		if (count > 0) opened++;
		trace(`${count} bytes of a ClientHello\n`);
	}
	TestNative.exit(opened === 3 ? 0 : 1);
}
