// The parts of a connection, each made by itself: for the table of test/memory/parts.test. Runs in XS.

import { KeySchedule } from "polltls/crypto/key-schedule";
import { findSuite } from "polltls/crypto/suites";
import { TrafficKeys } from "polltls/crypto/traffic-keys";
import { Transcript } from "polltls/crypto/transcript";
import { createDtlsCarrier } from "polltls/dtls-carrier";
import { createDtlsProtection } from "polltls/dtls-protection";
import { serverSettings } from "polltls/engine/config";
import { Auth, PeerCertificates } from "polltls/handshake/auth";
import { Handshake } from "polltls/handshake/handshake";
import { Handshake12, Secrets12 } from "polltls/handshake/handshake12";
import { Hello } from "polltls/handshake/hello";
import { serverStart } from "polltls/handshake/server-start";
import { server12 } from "polltls/handshake/server12";
import { server13 } from "polltls/handshake/server13";
import { tls } from "polltls/handshake/variant";
import { CarriedId } from "polltls/record/dtls-protection";
import { createTlsCarrier } from "polltls/tls-carrier";
import { createProtection } from "polltls/tls-protection";
import { openTlsServer } from "polltls/tls-server";
import { deviceRegistry } from "../../hosts/sim/registry.js";
import { TestClock, TestEntropy } from "../suite/pair/harness.js";
import type { Operation } from "../support/heap-lab.js";

const registry = deviceRegistry();
const key = { type: 3, bytes: new Uint8Array(32) };
const common = { registry, clock: new TestClock(), entropy: new TestEntropy(3), credentials: [{ chain: [new Uint8Array(8)], key }] };
/** Buffers for 64 bytes each, 800 bytes in all with what records add. */
const small = { ...common, profile: { receive: 64, send: 64, store: 64, flight: 64 } };
const flows = { variant: tls, first: serverStart, flow13: server13, flow12: server12 };
const settings = serverSettings(small, flows);
const carrier = createTlsCarrier(small, createProtection);
const [sha256] = registry.hashes;
const keys = new TrafficKeys();
keys.version = 0x0304;
keys.suite = findSuite(0x1304);
const transcriptHash = new Uint8Array(32);

/** A key schedule as far as the end of a handshake. */
function schedule(end: boolean): KeySchedule {
	const made = new KeySchedule();
	made.start(sha256, tls.labelPrefix);
	made.early(undefined, 0);
	made.handshake(undefined, 0, transcriptHash);
	made.application(transcriptHash);
	if (end) made.resumption(transcriptHash);
	return made;
}

function startedTranscript(): Transcript {
	const transcript = new Transcript();
	transcript.start(registry.hashes);
	transcript.update(transcriptHash, 0, transcriptHash.length); // its hashes are made with the first message
	return transcript;
}

const parts: Record<string, () => unknown> = {
	"records and messages of a stream, with the least of buffers": () => createTlsCarrier(small, createProtection),
	"records and messages over datagrams, with the least of buffers": () =>
		createDtlsCarrier({ ...small, profile: { receive: 300, send: 300, store: 64, flight: 64 } }, createDtlsProtection, 0, true),
	"a server's settings": () => serverSettings(small, flows),
	"the handshake's context": () => new Handshake(settings, carrier.messages, serverStart),
	"the hellos, until it is done": () => new Hello(),
	"the transcript, until it is done": startedTranscript,
	"the peer's certificates, until they are checked": () => new PeerCertificates(registry),
	"what authentication keeps": () => new Auth(),
	"keys of 1.3 during a handshake": () => schedule(false),
	"keys of 1.3 after it": () => schedule(true),
	"state of 1.2": () => new Handshake12(),
	"keys of 1.2": () => new Secrets12(sha256),
	"protection of one direction, 1.3": () => createProtection(registry, keys),
	"protection of one direction over datagrams, 1.3": () => createDtlsProtection(registry, keys, 2, new CarriedId()),
	"a whole connection, opened, with the least of buffers": () => openTlsServer(small),
};

let held: unknown;

export const operations: Record<string, Operation> = {
	names() {
		return { value: Object.keys(parts) };
	},
	make(name: string) {
		held = parts[name]();
		return undefined;
	},
	drop() {
		void held;
		held = undefined;
		return undefined;
	},
};
