// Which call has answered which codes: records what the classes of the interfaces answer while a program uses them. For the
// test that holds the documentation and the conformance suites together.

import { Channel } from "polltls/io/channel";
import { DtlsConnection, DtlsSocket } from "polltls/io/dtls-socket";
import { Stack } from "polltls/io/module";
import { NativeConnection } from "polltls/io/native-connection";
import { NativeInterface } from "polltls/io/native-interface";
import { NativeTcp } from "polltls/io/native-tcp";
import { NativeUdp } from "polltls/io/native-udp";
import { Services } from "polltls/io/services";
import { TlsSocket } from "polltls/io/tls-socket";

type Method = (this: object, ...values: unknown[]) => unknown;

/** Not calls of the application. */
const inner = /^(constructor|poll|notify|stop|enter|leave)$/;

/** "NativeConnection.send over UDP", or the class alone. */
function nameOf(object: object): string {
	const { attachment } = object as { attachment?: { isDatagram: boolean } };
	if (!(object instanceof NativeConnection)) return object.constructor.name;
	return attachment?.isDatagram ? "NativeConnection over UDP" : "NativeConnection over TCP";
}

/** Records from now on; call -> codes. Only what the application itself has called counts: no call from inside of another. */
export function recordCalls(): Map<string, Set<number>> {
	const seen = new Map<string, Set<number>>();
	let depth = 0;
	const note = (object: object, name: string, code: unknown): void => {
		if (typeof code !== "number") return;
		const key = `${nameOf(object)}.${name}`;
		if (!seen.has(key)) seen.set(key, new Set());
		seen.get(key)?.add(code);
	};
	const wrap = (prototype: object): void => {
		for (const [name, { value, get }] of Object.entries(Object.getOwnPropertyDescriptors(prototype))) {
			if (get !== undefined && name === "state") {
				const read = function (this: object): unknown {
					const state = get.call(this);
					note(this, name, state);
					return state;
				};
				Object.defineProperty(prototype, name, { get: read, configurable: true });
			}
			if (typeof value !== "function" || (inner.test(name) && !(prototype === Stack.prototype && name === "stop"))) continue;
			const method = value as Method;
			const call: Method = function (...values) {
				depth++;
				try {
					const code = method.apply(this, values);
					if (depth === 1) note(this, name, code);
					return code;
				} finally {
					depth--;
				}
			};
			Object.defineProperty(prototype, name, { value: call, configurable: true, writable: true });
		}
	};
	for (const { prototype } of [Channel, Services, NativeConnection, TlsSocket, DtlsConnection, Stack, NativeInterface, NativeTcp, NativeUdp, DtlsSocket])
		wrap(prototype as object);
	return seen;
}
