// The client's side of the key exchanges of 1.2, as parts of its steps: takes the server's parameters, checks their
// signature, makes its own share or encrypts a secret (RFC 5246 7.4.3, 7.4.7).

import {
	type Failure,
	KEY_EXCHANGE_GROUP_WRONG,
	KEY_EXCHANGE_SCHEME_NOT_OFFERED,
	KEY_EXCHANGE_SCHEME_UNFIT,
	NO_FAILURE,
	SERVER_KEY_EXCHANGE_MALFORMED,
} from "../base/failure.js";
import { dhePolicy, ExplicitDhe } from "../crypto/public-key/dhe-explicit.js";
import { RsaEncryptJob } from "../crypto/public-key/rsa-encrypt.js";
import { rsaLimits } from "../crypto/public-key/rsa-key.js";
import { BY_PSK, RSA } from "../crypto/suites.js";
import { EC_SHARE, encodeClientKeyShare, encodePskIdentity, LONG_SHARE } from "../wire/client-key-exchange.js";
import { schemeFits12 } from "./auth12.js";
import {
	isCurve,
	isEllipticExchange,
	isFiniteExchange,
	isPskExchange,
	joinSigned,
	keepPremaster,
	keepPskPremaster,
	parametersOf,
	suite12,
} from "./exchange12.js";
import { type Handshake, readBody } from "./handshake.js";
import { state12 } from "./handshake12.js";

/** Bytes of the secret that RSA carries: the version of the ClientHello and 46 random ones. */
const PREMASTER_LENGTH = 48;

/** Takes the ServerKeyExchange that stands, and begins to check its signature if it has one. */
export function acceptParameters(hs: Handshake): Failure {
	const { settings, negotiated, messages } = hs;
	const own = state12(hs);
	const suite = suite12(hs);
	const message = own.serverKeyExchange;
	const signed = suite.authentication !== BY_PSK;
	if (!message.decode(readBody(hs), parametersOf(suite.exchange), isPskExchange(suite.exchange), signed)) return SERVER_KEY_EXCHANGE_MALFORMED;
	if (isEllipticExchange(suite.exchange)) {
		if (!isCurve(message.group) || !settings.groups.includes(message.group)) return KEY_EXCHANGE_GROUP_WRONG;
		negotiated.group = message.group;
	}
	if (!signed) return NO_FAILURE;
	const { scheme, signatureAt, signatureEnd, parametersAt, parametersEnd } = message;
	if (!settings.schemes.includes(scheme)) return KEY_EXCHANGE_SCHEME_NOT_OFFERED;
	const key = hs.auth.leafKey;
	const algorithm = settings.registry.signature(key.type);
	if (algorithm === undefined || !schemeFits12(scheme, key.type)) return KEY_EXCHANGE_SCHEME_UNFIT;
	negotiated.scheme = scheme;
	const content = joinSigned(hs, messages.memory, parametersAt, parametersEnd);
	hs.auth.verify = algorithm.createVerify(settings.registry);
	hs.auth.verify.start(scheme, key, content, 0, content.length, messages.memory, signatureAt, signatureEnd);
	return NO_FAILURE;
}

/** Begins to make our share in the group of the parameters that stand; hs.exchange or own.job then works. Answers whether there is anything to do. */
export function beginShare(hs: Handshake): boolean {
	const { settings, hello, messages } = hs;
	const own = state12(hs);
	const { exchange } = suite12(hs);
	const message = own.serverKeyExchange;
	if (isFiniteExchange(exchange)) {
		const job = new ExplicitDhe(dhePolicy);
		job.start(settings.entropy, messages.memory, message.pAt, message.pEnd, message.gAt, message.gEnd, message.shareAt, message.shareEnd);
		own.job = job;
		return true;
	}
	if (!isEllipticExchange(exchange)) return false;
	// The share of the ClientHello, which was for 1.3, serves: it is as fresh as another
	if (hs.exchange !== undefined && hello.group === message.group) return false;
	const algorithm = settings.registry.keyExchange(message.group);
	if (algorithm === undefined) throw new Error("a group is offered that is not registered");
	hs.exchange?.wipe();
	hs.exchange = algorithm.create();
	hs.exchange.begin(settings.entropy);
	return true;
}

/** Our share is made: begins to make the secret from the server's. Answers whether there is anything to do. */
export function beginSecret(hs: Handshake): boolean {
	const { shareAt, shareEnd } = state12(hs).serverKeyExchange;
	if (!isEllipticExchange(suite12(hs).exchange)) return false;
	hs.exchange?.receive(hs.messages.memory, shareAt, shareEnd);
	return true;
}

/** RSA: draws the premaster secret and begins to encrypt it to the server's key. */
export function beginEncryption(hs: Handshake): void {
	const { settings, auth } = hs;
	const own = state12(hs);
	const version = settings.variant.version12;
	const premaster = new Uint8Array(PREMASTER_LENGTH);
	settings.entropy.fill(premaster, 2, PREMASTER_LENGTH);
	premaster[0] = version >> 8;
	premaster[1] = version;
	const job = new RsaEncryptJob(rsaLimits);
	job.start(auth.leafKey, premaster, 0, PREMASTER_LENGTH, settings.entropy);
	own.job = job;
	own.premaster = premaster;
}

/** The longest body of our ClientKeyExchange. */
export function clientKeyExchangeRoom(hs: Handshake): number {
	const { job, psk } = state12(hs);
	const identity = psk === undefined ? 0 : 2 + psk.identity.length;
	if (job instanceof ExplicitDhe) return identity + 2 + job.shareLength;
	if (job instanceof RsaEncryptJob) return identity + 2 + job.ciphertextLength;
	return identity + 1 + (hs.exchange?.shareLength ?? 0);
}

/** Writes the body and keeps the premaster secret. */
export function encodeClientKeyExchange(hs: Handshake): void {
	const own = state12(hs);
	const { writer } = hs.messages;
	const { exchange } = suite12(hs);
	const { job, psk } = own;
	if (isPskExchange(exchange) && psk !== undefined) encodePskIdentity(writer, psk.identity);
	if (exchange === RSA && job instanceof RsaEncryptJob) encodeClientKeyShare(writer, LONG_SHARE, job.ciphertext, job.ciphertextLength);
	else if (job instanceof ExplicitDhe) {
		encodeClientKeyShare(writer, LONG_SHARE, job.share, job.shareLength);
		keepPremaster(hs, job.secret, job.secretAt, job.secretLength);
	} else if (isEllipticExchange(exchange) && hs.exchange !== undefined) {
		encodeClientKeyShare(writer, EC_SHARE, hs.exchange.share, hs.exchange.shareLength);
		keepPremaster(hs, hs.exchange.secret, 0, hs.exchange.secretLength);
	} else keepPskPremaster(hs);
}
