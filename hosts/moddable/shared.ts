// What all TLS sockets of an application share, made when the first one is: the algorithms, the clock, trust anchors that
// were parsed before, and sessions to resume.

import Resource from "Resource";
import config from "mc/config";
import type { Registry } from "polltls/crypto/registry";
import type { Session } from "polltls/handshake/session";
import { TrustStore } from "polltls/pki/trust";
import { ModdableClock } from "./clock.js";
import { deviceRegistry } from "./registry.js";

/** The SDK's store has certificates ca0.der to ca243.der; an application's manifest names those that it needs. */
const SDK_CERTIFICATES = 244;
/** Servers of which a session is kept, where the manifest's config doesn't say it. */
const SESSIONS = 4;

/** What stands for a set of anchors: the option that gave them, or undefined for the SDK's store. */
type TrustSource = object | string | undefined;

export class Shared {
	readonly registry: Registry = deviceRegistry();
	readonly clock = new ModdableClock();
	readonly #trusts: { source: TrustSource; trust: TrustStore }[] = [];
	readonly #sessions: { server: string; session: Session }[] = [];

	/** The anchors of an option, parsed once; `parse` adds them to a new store. */
	trustOf(source: TrustSource, parse: (trust: TrustStore) => void): TrustStore {
		for (const known of this.#trusts) if (known.source === source) return known.trust;
		const trust = new TrustStore();
		parse(trust);
		this.#trusts.push({ source, trust });
		return trust;
	}

	/** What the application's resources have of the SDK's certificate store. */
	get sdkTrust(): TrustStore {
		return this.trustOf(undefined, (trust) => {
			for (let i = 0; i < SDK_CERTIFICATES; i++) {
				const name = `ca${i}.der`;
				if (Resource.exists(name)) trust.addDer(new Uint8Array(new Resource(name) as unknown as ArrayBuffer));
			}
		});
	}

	/** A session of this server (name and port), which is forgotten: a ticket is used once. */
	takeSession(server: string): Session | undefined {
		const index = this.#sessions.findIndex((kept) => kept.server === server);
		return index < 0 ? undefined : this.#sessions.splice(index, 1)[0].session;
	}

	/** Keeps a session; the oldest one gives way. */
	keepSession(server: string, session: Session): void {
		this.takeSession(server);
		const sessions = this.#sessions;
		sessions.push({ server, session });
		if (sessions.length > (config.polltls?.sessions ?? SESSIONS)) sessions.shift()?.session.secret.fill(0);
	}
}

let one: Shared | undefined;

export function shared(): Shared {
	one ??= new Shared();
	return one;
}
