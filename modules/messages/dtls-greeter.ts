// What a server says to a client whose address is not proven, without keeping anything of it (RFC 9147 5.1, RFC 6347
// 4.2.1): a HelloRetryRequest or HelloVerifyRequest with a cookie. When the cookie comes back, there is a reason to spend
// memory on a connection.

import { illegal_parameter, protocol_version } from "../base/alert.js";
import { equalPublic } from "../base/bytes.js";
import { Reader } from "../base/reader.js";
import { Writer } from "../base/writer.js";
import type { Registry } from "../crypto/registry.js";
import type { Suite } from "../crypto/suites.js";
import { sha256 } from "../crypto/types.js";
import type { Entropy } from "../os/os.js";
import { EPOCH_AT, encodePlainHeader, NUMBER_AT, PLAIN_HEADER } from "../record/dtls-protection.js";
import { SequenceNumber } from "../record/protection.js";
import { ClientHello } from "../wire/client-hello.js";
import { decodeCookie } from "../wire/extensions/cookie.js";
import { findClientShare, KeyShareEntry } from "../wire/extensions/key-share.js";
import { chooseVersion } from "../wire/extensions/supported-versions.js";
import { COOKIE, KEY_SHARE, PRE_SHARED_KEY, SUPPORTED_GROUPS, SUPPORTED_VERSIONS } from "../wire/extensions/table.js";
import { HelloRetryRequest } from "../wire/hello-retry-request.js";
import { encodeHelloVerifyRequest } from "../wire/hello-verify-request.js";
import { firstCommonNumber16, includesNumber16, takeNumbers16 } from "../wire/numbers.js";
import { alert, client_hello, handshake, hello_verify_request, server_hello, TLS_1_3 } from "../wire/registry.js";
import { DtlsAssembly, MESSAGE_HEADER } from "./dtls-assembly.js";
import { COOKIE_OVERHEAD, DtlsCookie } from "./dtls-cookie.js";

const DTLS_1_0 = 0xfeff;
const DTLS_1_2 = 0xfefd;
const DTLS_1_3 = 0xfefc;
/** A datagram, and a ClientHello that comes in several. */
const DATAGRAM_MAX = 2048;
const STORE = 4096;
const ANSWER_MAX = 512;
/** Longer than a client repeats itself before it gives up, by default. */
const SECRET_PERIOD = 300000;
/** In front of the hash in a cookie of 1.3: suite and group. */
const COOKIE_HEAD = 4;
const NO_BYTES: Readonly<Uint8Array> = new Uint8Array(0);

// What greet() answers
/** Nothing to be done: noise, or a part of a ClientHello. */
export const GREET_NOTHING = 0;
/** The answer stands in answer. */
export const GREET_ANSWER = 1;
/** The address is proven: the ClientHello stands in hello. */
export const GREET_PROVEN = 2;

/** What the server would agree to. */
export interface GreeterSettings {
	readonly registry: Registry;
	readonly entropy: Entropy;
	/** First choice first. */
	readonly versions: readonly number[];
	readonly suites: readonly Suite[];
	readonly groups: readonly number[];
}

/**
 * One for a port.
 *
 *     switch (greeter.greet(now, datagram, 0, length, address, true)) {
 *         case GREET_ANSWER: socket.send(greeter.answer, 0, greeter.answerLength, address); break;
 *         case GREET_PROVEN: open(greeter).networkIn(greeter.hello, greeter.helloAt, greeter.helloEnd);
 *     }
 */
export class DtlsGreeter {
	readonly answer = new Uint8Array(ANSWER_MAX);
	answerLength = 0;
	/** With GREET_PROVEN: a datagram with the whole ClientHello, which was this message of the client. */
	readonly hello: Uint8Array;
	helloAt = 0;
	helloEnd = 0;
	sequence = 0;
	/** In 1.3: what the first ClientHello was answered with. */
	retried: { suite: number; group: number; helloHash: Uint8Array; cookie: Uint8Array } | undefined = undefined;
	readonly #settings: GreeterSettings;
	readonly #cookie: DtlsCookie;
	readonly #assembly: DtlsAssembly;
	/** Whose ClientHello is being put together. */
	#from = "";
	readonly #number = new SequenceNumber();
	readonly #client = new ClientHello();
	readonly #share = new KeyShareEntry();
	readonly #reader = new Reader();
	readonly #writer = new Writer();

	constructor(settings: GreeterSettings) {
		const hash = settings.registry.hash(sha256);
		if (hash === undefined) throw new TypeError("registry: SHA-256 is needed for cookies");
		this.#settings = settings;
		this.#cookie = new DtlsCookie(hash, settings.entropy, SECRET_PERIOD);
		this.hello = new Uint8Array(DATAGRAM_MAX + PLAIN_HEADER + STORE);
		this.#assembly = new DtlsAssembly(this.hello, DATAGRAM_MAX + PLAIN_HEADER, this.hello.length);
	}

	/** Looks at a datagram from an address that has no connection: GREET_.... `prove`: a cookie must come back; else any ClientHello will do. */
	greet(now: number, bytes: Uint8Array, at: number, end: number, from: string, prove: boolean): number {
		if (!this.collect(bytes, at, end, from)) return GREET_NOTHING;
		const { hello, helloAt, helloEnd } = this;
		const reader = this.#reader;
		const client = this.#client;
		reader.reset(hello, helloAt + PLAIN_HEADER + MESSAGE_HEADER, helloEnd);
		if (client.decode(reader, true) !== 0) return GREET_NOTHING;
		const version = this.chooseVersion();
		if (version === 0) return this.sendAlert(protocol_version);
		this.retried = undefined;
		if (!prove) return GREET_PROVEN;
		return version === DTLS_1_3 ? this.greet13(now, from) : this.greet12(now, from);
	}

	/** Takes the first record of a datagram; whether it makes a ClientHello whole. One at a time: others must come again. */
	private collect(bytes: Uint8Array, at: number, end: number, from: string): boolean {
		const { hello } = this;
		const assembly = this.#assembly;
		const messageAt = at + PLAIN_HEADER;
		if (end - at > DATAGRAM_MAX || end - messageAt < MESSAGE_HEADER || bytes[at] !== handshake || bytes[at + 1] !== 0xfe) return false;
		if (bytes[at + EPOCH_AT] !== 0 || bytes[at + EPOCH_AT + 1] !== 0 || bytes[messageAt] !== client_hello) return false;
		const partLength = (bytes[messageAt + 9] << 16) | (bytes[messageAt + 10] << 8) | bytes[messageAt + 11];
		if (partLength > end - messageAt - MESSAGE_HEADER) return false;
		const sequence = (bytes[messageAt + 4] << 8) | bytes[messageAt + 5];
		if (sequence > 255) return false; // each stale cookie takes one
		if (from !== this.#from || sequence !== assembly.next || !this.isSameMessage(bytes, messageAt)) {
			assembly.restart(sequence);
			assembly.failure = 0;
			this.#from = from;
		}
		for (let i = at; i < end; i++) hello[i - at] = bytes[i];
		this.#number.high = (bytes[at + NUMBER_AT] << 8) | bytes[at + NUMBER_AT + 1];
		this.#number.low =
			((bytes[at + NUMBER_AT + 2] << 24) | (bytes[at + NUMBER_AT + 3] << 16) | (bytes[at + NUMBER_AT + 4] << 8) | bytes[at + NUMBER_AT + 5]) >>> 0;
		assembly.add(PLAIN_HEADER, 0);
		if (!assembly.complete) return false;
		this.sequence = sequence;
		this.helloAt = assembly.messageAt - PLAIN_HEADER;
		this.helloEnd = assembly.messageEnd;
		encodePlainHeader(hello, this.helloAt, handshake, 0, this.#number, undefined, this.helloEnd - this.helloAt - PLAIN_HEADER);
		this.#from = "";
		return true;
	}

	/** Whether a fragment has the length of the message that is being put together. */
	private isSameMessage(bytes: Uint8Array, messageAt: number): boolean {
		const stored = this.#assembly.messageAt;
		return stored >= 0 && equalPublic(bytes, messageAt, messageAt + 6, this.hello, stored, stored + 6);
	}

	/** As the handshake will choose it; 0 if there is none. */
	private chooseVersion(): number {
		const { versions } = this.#settings;
		const { extensions, legacyVersion } = this.#client;
		if (!extensions.has(SUPPORTED_VERSIONS)) return legacyVersion >> 8 === 0xfe && legacyVersion <= DTLS_1_2 && versions.includes(DTLS_1_2) ? DTLS_1_2 : 0;
		extensions.open(this.#reader, SUPPORTED_VERSIONS);
		return Math.max(0, chooseVersion(this.#reader, versions));
	}

	/** RFC 9147 5.1. */
	private greet13(now: number, from: string): number {
		const { hello } = this;
		const reader = this.#reader;
		const { extensions } = this.#client;
		if (!extensions.has(COOKIE)) return this.retry(now, from);
		extensions.open(reader, COOKIE);
		const at = decodeCookie(reader);
		const contentEnd = reader.end - COOKIE_OVERHEAD;
		if (at < 0 || contentEnd - at < COOKIE_HEAD || !this.#cookie.check(now, from, hello, at, reader.end)) return this.sendAlert(illegal_parameter);
		this.retried = {
			suite: (hello[at] << 8) | hello[at + 1],
			group: (hello[at + 2] << 8) | hello[at + 3],
			helloHash: hello.slice(at + COOKIE_HEAD, contentEnd),
			cookie: hello.slice(at, reader.end),
		};
		return GREET_PROVEN;
	}

	/** A HelloRetryRequest: the cookie holds what the transcript will need of this ClientHello. */
	private retry(now: number, from: string): number {
		const { hello, helloAt, helloEnd } = this;
		const suite = this.chooseSuite();
		const hash = suite && this.#settings.registry.hash(suite.hash)?.create();
		if (suite === undefined || hash === undefined) return GREET_NOTHING;
		const group = this.chooseGroup();
		const cookie = new Uint8Array(COOKIE_HEAD + 64 + COOKIE_OVERHEAD);
		cookie[0] = suite.number >> 8;
		cookie[1] = suite.number;
		cookie[2] = group >> 8;
		cookie[3] = group;
		const messageAt = helloAt + PLAIN_HEADER;
		hash.update(hello, messageAt, messageAt + 4);
		hash.update(hello, messageAt + MESSAGE_HEADER, helloEnd);
		hash.digest(cookie, COOKIE_HEAD);
		const length = this.#settings.registry.hash(suite.hash)?.hashLength ?? 0;
		const request = new HelloRetryRequest();
		request.legacyVersion = DTLS_1_2;
		request.version = DTLS_1_3;
		request.suite = suite.number;
		request.group = group;
		request.cookie = cookie;
		request.cookieEnd = this.#cookie.seal(now, from, cookie, 0, COOKIE_HEAD + length);
		this.beginAnswer();
		request.encode(this.#writer, NO_BYTES as Uint8Array, 0);
		return this.endAnswer(server_hello);
	}

	/** The first of ours that the client offers; with a PSK one of SHA-256, which PSKs are for if nothing else is said. */
	private chooseSuite(): Suite | undefined {
		const { suitesAt, suitesEnd, extensions } = this.#client;
		const hasPsk = extensions.has(PRE_SHARED_KEY);
		for (const suite of this.#settings.suites) {
			if (suite.maximum !== TLS_1_3 || (hasPsk && suite.hash !== sha256)) continue;
			if (includesNumber16(this.hello, suitesAt, suitesEnd, suite.number)) return suite;
		}
		return undefined;
	}

	/** The group that a share must be asked for; 0 if one of ours has one, or nothing can be asked. */
	private chooseGroup(): number {
		const { groups } = this.#settings;
		const { extensions } = this.#client;
		const reader = this.#reader;
		if (!extensions.has(KEY_SHARE) || !extensions.has(SUPPORTED_GROUPS)) return 0;
		for (const group of groups) {
			extensions.open(reader, KEY_SHARE);
			if (findClientShare(reader, group, this.#share) < 0 || this.#share.group === group) return 0;
		}
		extensions.open(reader, SUPPORTED_GROUPS);
		const at = takeNumbers16(reader);
		return Math.max(0, firstCommonNumber16(groups, this.hello, at, reader.end));
	}

	/** RFC 6347 4.2.1: the cookie covers the client's random, which both ClientHellos have alike. */
	private greet12(now: number, from: string): number {
		const { hello } = this;
		const { cookieAt, cookieEnd, randomAt } = this.#client;
		const content = new Uint8Array(32 + COOKIE_OVERHEAD);
		for (let i = 0; i < 32; i++) content[i] = hello[randomAt + i];
		if (cookieEnd - cookieAt === COOKIE_OVERHEAD) {
			for (let i = 0; i < COOKIE_OVERHEAD; i++) content[32 + i] = hello[cookieAt + i];
			if (this.#cookie.check(now, from, content, 0, content.length)) return GREET_PROVEN;
		}
		this.#cookie.seal(now, from, content, 0, 32);
		this.beginAnswer();
		encodeHelloVerifyRequest(this.#writer, DTLS_1_0, content.subarray(32), COOKIE_OVERHEAD);
		return this.endAnswer(hello_verify_request);
	}

	/** The record has the number of the ClientHello's, the message the number of the ClientHello (RFC 6347 4.2.1). */
	private beginAnswer(): void {
		this.#writer.reset(this.answer, PLAIN_HEADER + MESSAGE_HEADER, ANSWER_MAX);
	}

	private endAnswer(type: number): number {
		const { answer } = this;
		const end = this.#writer.at;
		const length = end - PLAIN_HEADER - MESSAGE_HEADER;
		answer.fill(0, PLAIN_HEADER, PLAIN_HEADER + MESSAGE_HEADER);
		answer[PLAIN_HEADER] = type;
		answer[PLAIN_HEADER + 2] = answer[PLAIN_HEADER + 10] = length >> 8;
		answer[PLAIN_HEADER + 3] = answer[PLAIN_HEADER + 11] = length;
		answer[PLAIN_HEADER + 5] = this.sequence;
		encodePlainHeader(answer, 0, handshake, 0, this.#number, undefined, end - PLAIN_HEADER);
		this.answerLength = end;
		return GREET_ANSWER;
	}

	/** Says what is wrong, in the clear. */
	sendAlert(description: number): number {
		const { answer } = this;
		answer[PLAIN_HEADER] = 2;
		answer[PLAIN_HEADER + 1] = description;
		encodePlainHeader(answer, 0, alert, 0, this.#number, undefined, 2);
		this.answerLength = PLAIN_HEADER + 2;
		return GREET_ANSWER;
	}
}
