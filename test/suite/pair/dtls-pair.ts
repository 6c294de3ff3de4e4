// A DTLS client and server with a network between them: for the pair suites of datagrams. Portable.

import * as failures from "polltls/base/failure";
import { CLOSED } from "polltls/base/status";
import type { Registry } from "polltls/crypto/registry";
import { openDtlsClient } from "polltls/dtls-client";
import type { DtlsOptions } from "polltls/dtls-options";
import { type DtlsServerOptions, openDtlsDoor, openDtlsServer } from "polltls/dtls-server";
import type { ClientOptions } from "polltls/engine/config";
import { TLS_1_2, TLS_1_3 } from "polltls/wire/registry";
import { equal, TestClock, TestEntropy, type TestPki } from "./harness.js";
import { describeEnd, faithful, LossyNetwork, type Plan } from "./lossy-network.js";

export const psk = {
	identity: Uint8Array.from([100, 101, 118, 105, 99, 101]),
	key: Uint8Array.from([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16]),
};

export interface DtlsPairOptions {
	version?: "1.2" | "1.3";
	psk?: boolean;
	/** A server's door with cookies. */
	cookies?: boolean;
	/** A door without. */
	door?: boolean;
	mtu?: number;
	plan?: Plan;
	seed?: number;
	client?: Partial<ClientOptions & DtlsOptions>;
	server?: Partial<DtlsServerOptions>;
}

/** What both ends are told. */
function commonOptions(pki: TestPki, registry: Registry, { version, mtu, psk: hasPsk }: DtlsPairOptions) {
	const versions = version === undefined ? {} : version === "1.2" ? { maximumVersion: TLS_1_2 } : { minimumVersion: TLS_1_3 };
	return { registry, clock: new TestClock(), profile: "iot" as const, handshakeTimeout: 0, mtu, trust: pki.trust, ...versions, ...(hasPsk && { psks: [psk] }) };
}

export function clientOptions(pki: TestPki, registry: Registry, options: DtlsPairOptions): ClientOptions & DtlsOptions {
	const { seed = 1, client = {} } = options;
	return { ...commonOptions(pki, registry, options), entropy: new TestEntropy(seed * 2 + 1001), peerName: "localhost", ...client };
}

export function serverOptions(pki: TestPki, registry: Registry, options: DtlsPairOptions): DtlsServerOptions {
	const { seed = 1, server = {} } = options;
	const credentials = options.psk ? [] : [pki.server];
	return { ...commonOptions(pki, registry, options), entropy: new TestEntropy(seed * 2 + 5001), credentials, ...server };
}

/** Both ends, not started. */
export function dtlsPair(pki: TestPki, registry: Registry, options: DtlsPairOptions = {}): LossyNetwork {
	const { cookies = false, door = cookies, plan = faithful } = options;
	const server = serverOptions(pki, registry, options);
	const serverEnd = door ? openDtlsDoor({ ...server, cookies }) : openDtlsServer(server);
	return new LossyNetwork(openDtlsClient(clientOptions(pki, registry, options)), serverEnd, plan);
}

/** Goes on until this end has failed by this name. */
export function fails(network: LossyNetwork, side: number, name: keyof typeof failures): void {
	network.runUntil(() => network.ends[side].state === CLOSED, 60000);
	const expected = (failures as unknown as Record<string, number>)[name];
	equal(network.ends[side].failure >> 16, expected >> 16, `${name} in ${network.ends.map(describeEnd).join("; ")}`);
}
