// Two stacks in one memory, a client's and a server's, on any engine: virtual time, repeatable entropy, and hands on the
// network. For the suites of the native and the sockets interface.

import { OK, WAIT } from "polltls/base/status";
import { openDtlsClient } from "polltls/dtls-client";
import { openDtlsDoor, openDtlsServer } from "polltls/dtls-server";
import type { Configuration } from "polltls/io/configuration";
import { Stack } from "polltls/io/module";
import type { Security } from "polltls/io/security";
import type { StackHost } from "polltls/io/stack-host";
import { ManualClock, RepeatableEntropy } from "polltls/os/in-memory";
import { encodePrivateKey } from "polltls/pki/key-writer";
import { openTlsClient } from "polltls/tls-client";
import { openTlsServer } from "polltls/tls-server";
import { equal, NOW, TestPki, testRegistry } from "../pair/harness.js";

export { equal, NOW, TestPki, testRegistry };

/** More turns than anything here needs: what takes longer hangs. */
export const TURNS_MAX = 20000;

export const linked = { openTlsClient, openTlsServer, openDtlsClient, openDtlsServer, openDtlsDoor };

/** What all stacks of a test have: one clock. */
export class World {
	readonly registry = testRegistry();
	readonly pki = new TestPki(this.registry);
	readonly clock = new ManualClock(NOW);
	#seed = 100;

	host(more: Partial<StackHost> = {}): StackHost {
		return { clock: this.clock, entropy: new RepeatableEntropy(++this.#seed * 7919), linked, ...more };
	}

	/** A stack that is started, with small buffers. */
	stack(values: Partial<Configuration> = {}, more: Partial<StackHost> = {}): Stack {
		const stack = new Stack(this.host(more));
		equal(stack.init({ receiveBufferSize: 2048, maxDataLength: 2048, handshakeStoreSize: 4096, dtls: true, ...values }), OK, `init: ${stack.complaint}`);
		this.register(stack);
		equal(stack.start(), OK, "start");
		return stack;
	}

	register(stack: Stack): void {
		const { hashes, bulks, signatures, keyExchanges } = this.registry;
		for (let i = 0; i < hashes.length; i++) equal(stack.registerHash(i, hashes[i]), OK);
		for (let i = 0; i < bulks.length; i++) equal(stack.registerBulk(i, bulks[i]), OK);
		for (let i = 0; i < signatures.length; i++) equal(stack.registerSign(i, signatures[i]), OK);
		for (let i = 0; i < keyExchanges.length; i++) equal(stack.registerKeyExchange(i, keyExchanges[i]), OK);
	}

	/** Whom clients trust. */
	trust(stack: Stack): Security {
		const security = stack.createSecurity() as Security;
		equal(security.setRootCaCert(this.pki.trust.anchors[0].bytes), OK);
		return security;
	}

	/** The server's credentials, and whom it trusts. */
	credentials(stack: Stack, isServer = true): Security {
		const security = this.trust(stack);
		const { chain, key } = isServer ? this.pki.server : this.pki.client;
		equal(security.setClientCertKey(chain[0], encodePrivateKey(key)), OK);
		return security;
	}
}

/** Calls both in turn until neither answers WAIT any more; answers their codes. Time goes on a little with each turn. */
export function until(world: World, one: () => number, other: () => number, turns = TURNS_MAX): [number, number] {
	let first = WAIT;
	let second = WAIT;
	for (let i = 0; i < turns; i++) {
		if (first === WAIT) first = one();
		if (second === WAIT) second = other();
		if (first !== WAIT && second !== WAIT) return [first, second];
		world.clock.advance(0.01);
	}
	throw new Error(`it hangs: ${first}, ${second}`);
}

export function bytesOf(text: string): Uint8Array {
	const bytes = new Uint8Array(text.length);
	for (let i = 0; i < text.length; i++) bytes[i] = text.charCodeAt(i);
	return bytes;
}

export function textOf(bytes: Uint8Array, end: number): string {
	let text = "";
	for (let i = 0; i < end; i++) text += String.fromCharCode(bytes[i]);
	return text;
}
