// Pre-shared keys at the sockets interface: by value, by a callback, imported; in 1.3 and in 1.2. On Node and on XS.

import { PSK_BINDER_WRONG, PSK_NOT_ACCEPTED } from "polltls/base/failure";
import { HS_ERR, OK } from "polltls/base/status";
import type { FindPsk } from "polltls/handshake/psk";
import type { Security } from "polltls/io/security";
import { TLS_1_2 } from "polltls/wire/registry";
import { equal } from "./harness.js";
import { Two } from "./tls-socket.js";

const identity = Uint8Array.of(100, 101, 118);
const key = Uint8Array.from({ length: 16 }, (_, i) => i + 1);
const context = Uint8Array.of(1, 2, 3);
/** TLS_ECDHE_PSK_WITH_CHACHA20_POLY1305_SHA256, and the same cipher by PSK alone. */
const suites12 = [0xccac, 0xccab];

interface Keys {
	/** What each end does with its security configuration. */
	client: (security: Security) => number;
	server: (security: Security) => number;
	maximumVersion?: number;
}

/** A server that has nothing but its key. */
function two({ client, server, maximumVersion }: Keys): Two {
	const options = maximumVersion === undefined ? {} : { maximumVersion, suites: suites12 };
	return new Two({
		trust(security) {
			equal(client(security), OK);
			equal(security.setOptions(options), OK);
		},
		credentials(security) {
			security.credentials.length = 0;
			equal(server(security), OK);
			equal(security.setOptions(options), OK);
		},
	});
}

function opens(keys: Keys): void {
	const pair = two(keys);
	equal(pair.shake(), "0,0");
	equal(pair.client.serverTime !== 0, keys.maximumVersion === TLS_1_2, "only 1.2 has a time");
	equal(pair.carry(pair.client, pair.server, "hello"), "hello");
	equal(pair.carry(pair.server, pair.client, "world"), "world");
}

function refused(keys: Keys, failure: number): void {
	const pair = two(keys);
	equal(pair.shake().split(",")[1], String(HS_ERR));
	equal(pair.server.outcome.failure >> 16, failure >> 16);
}

const give = (security: Security): number => security.setPsk(identity, key);
const giveImported = (security: Security): number => security.setPsk(identity, key, context);
const lookUp =
	(importContext?: Uint8Array) =>
	(security: Security): number => {
		const findPsk: FindPsk = (bytes, at, end) => {
			for (let i = 0; i < identity.length; i++) if (bytes[at + i] !== identity[i] || end - at !== identity.length) return undefined;
			return { identity, key, importContext };
		};
		return security.setPskCallback(findPsk);
	};

export const cases: Record<string, () => void> = {
	"by value and by callback, in 1.3 and 1.2"() {
		for (const server of [give, lookUp()]) {
			opens({ client: give, server });
			opens({ client: give, server, maximumVersion: TLS_1_2 });
		}
	},
	"imported, by value and by callback"() {
		for (const server of [giveImported, lookUp(context)]) opens({ client: giveImported, server });
	},
	"another key, another context, imported at one end only"() {
		refused({ client: (security) => security.setPsk(identity, key.slice(1)), server: give }, PSK_BINDER_WRONG);
		refused({ client: giveImported, server: (security) => security.setPsk(identity, key, identity) }, PSK_NOT_ACCEPTED);
		refused({ client: give, server: giveImported }, PSK_NOT_ACCEPTED);
		refused({ client: giveImported, server: lookUp() }, PSK_NOT_ACCEPTED);
	},
};
