// What all TLS sockets of an application share, made when the first one is: the algorithms, the clock, trust anchors that
// were parsed before, and sessions to resume.

import Resource from "Resource";
import { equalPublic } from "polltls/base/bytes";
import type { Registry } from "polltls/crypto/registry";
import type { Session } from "polltls/handshake/session";
import { TrustStore } from "polltls/pki/trust";
import { ModdableClock, type RealTimeClock } from "./clock.js";
import { deviceRegistry } from "./registry.js";
import { settings } from "./settings.js";
import { Turns } from "./turns.js";

/** The SDK's store has certificates ca0.der to ca243.der; an application's manifest names those that it needs. */
const SDK_CERTIFICATES = 244;

/** Sets of anchors that are kept parsed. */
const TRUSTS = 4;

/** Whose session it is: it is resumed only for the same server under the same conditions. */
export interface SessionOwner {
	/** Name and port. */
	readonly server: string;
	/** Whom the server was verified by, or that it was not. */
	readonly trust: TrustStore;
	readonly verified: boolean;
	/** What we proved ourselves with. */
	readonly key: unknown;
}

export class Shared {
	readonly registry: Registry = deviceRegistry();
	readonly clock = new ModdableClock();
	/** The sockets' work. */
	readonly turns = new Turns(settings.slice, this.clock);
	readonly #trusts: { anchors: readonly (string | Uint8Array)[]; trust: TrustStore }[] = [];
	readonly #sessions: { owner: SessionOwner; session: Session }[] = [];
	#sdkTrust: TrustStore | undefined;

	/** The anchors of an option, parsed once for all connections with the same ones; `parse` adds them to a new store. */
	trustOf(anchors: readonly (string | Uint8Array)[], parse: (trust: TrustStore) => void): TrustStore {
		for (const known of this.#trusts) if (sameAnchors(known.anchors, anchors)) return known.trust;
		const trust = new TrustStore();
		parse(trust);
		this.#trusts.push({ anchors, trust });
		if (this.#trusts.length > TRUSTS) this.#trusts.shift();
		return trust;
	}

	/** What the application's resources have of the SDK's certificate store. */
	get sdkTrust(): TrustStore {
		if (this.#sdkTrust !== undefined) return this.#sdkTrust;
		const trust = new TrustStore();
		for (let i = 0; i < SDK_CERTIFICATES; i++) {
			const name = `ca${i}.der`;
			if (Resource.exists(name)) trust.addDer(new Uint8Array(new Resource(name) as unknown as ArrayBuffer));
		}
		this.#sdkTrust = trust;
		return trust;
	}

	/** A session of this owner, which is forgotten: a ticket is used once. */
	takeSession(owner: SessionOwner): Session | undefined {
		const { server, trust, verified, key } = owner;
		const index = this.#sessions.findIndex(({ owner: other }) => {
			return other.server === server && other.trust === trust && other.verified === verified && other.key === key;
		});
		return index < 0 ? undefined : this.#sessions.splice(index, 1)[0].session;
	}

	/** Keeps a session; the oldest one gives way. */
	keepSession(owner: SessionOwner, session: Session): void {
		this.takeSession(owner);
		const sessions = this.#sessions;
		sessions.push({ owner, session });
		if (sessions.length > settings.sessions) sessions.shift()?.session.secret.fill(0);
	}
}

function sameAnchors(one: readonly (string | Uint8Array)[], other: readonly (string | Uint8Array)[]): boolean {
	if (one.length !== other.length) return false;
	return one.every((each, index) => {
		const that = other[index];
		if (typeof each === "string" || typeof that === "string") return each === that;
		return each === that || equalPublic(each, 0, each.length, that, 0, that.length);
	});
}

let one: Shared | undefined;

export function shared(): Shared {
	one ??= new Shared();
	return one;
}

/** From now on the sockets judge certificates by this clock (embedded:RTC), which may not be set; undefined: by the system's time. */
export function setRealTimeClock(rtc: RealTimeClock | undefined): void {
	shared().clock.rtc = rtc;
}
