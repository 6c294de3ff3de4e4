// Asks a CoAP server for one resource: our CoAP client over DTLS, from device.network. On a device or in the SDK's simulator.

import config from "mc/config";
import { type CoapClient, type CoapClientOptions, codeText } from "polltls/moddable/coap-client";

/** ASCII, as coap-server takes identity and key. */
const bytesOf = (text: string): Uint8Array => new Uint8Array(ArrayBuffer.fromString(text));
/** For pre-shared keys (RFC 7925 4.2): TLS_AES_128_CCM_8_SHA256 of 1.3, TLS_PSK_WITH_AES_128_CCM_8 of 1.2. */
const SUITES = Object.freeze([0x1305, 0xc0a8]);

interface Entry extends CoapClientOptions {
	io: new (options: CoapClientOptions) => CoapClient;
}

export default function () {
	const { coaps } = (globalThis as unknown as { device: { network: { coaps: Entry } } }).device.network;
	const { host, port, path, identity, key } = config;
	const client = new coaps.io({
		...coaps,
		host,
		port,
		dtls: { ca: [], psks: [{ identity: bytesOf(identity), key: bytesOf(key) }], suites: SUITES, connectionIdLength: 0 },
		onError: (error?: unknown) => trace(`failed: ${error ?? "closed"}\n`),
	});
	client.request({
		path,
		onDone(error, code, payload) {
			trace(error ? `failed: ${error}\n` : `${codeText(code)} ${String.fromArrayBuffer(payload.buffer as ArrayBuffer)}\n`);
			this.close();
		},
	});
}
