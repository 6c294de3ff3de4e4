// How the public-key jobs say that something from the peer is wrong: each failure that several algorithms share is
// raised in one place, here.

import {
	DHE_GROUP_REFUSED,
	KEY_SHARE_REFUSED,
	PRIVATE_KEY_REFUSED,
	PRIVATE_KEY_RESULT_WRONG,
	PUBLIC_KEY_REFUSED,
	SIGNATURE_WRONG,
} from "../../base/failure.js";
import { DONE } from "../../base/status.js";

/** The end of a VerifyJob: DONE, or SIGNATURE_WRONG. */
export function signatureOutcome(right: boolean): number {
	return right ? DONE : SIGNATURE_WRONG;
}

/** A public key that is malformed, out of the sizes allowed, or not on its curve. */
export function publicKeyRefused(): number {
	return PUBLIC_KEY_REFUSED;
}

/** A private key of our own that can't be used. */
export function privateKeyRefused(): number {
	return PRIVATE_KEY_REFUSED;
}

/** The end of a private operation whose result was checked: DONE, or PRIVATE_KEY_RESULT_WRONG (a faulty key or machine). */
export function privateKeyOutcome(right: boolean): number {
	return right ? DONE : PRIVATE_KEY_RESULT_WRONG;
}

/** A peer's share of a key exchange that can't be right. */
export function keyShareRefused(): number {
	return KEY_SHARE_REFUSED;
}

/** A group for Diffie-Hellman, sent by a server of TLS 1.2, that isn't good enough. */
export function dheGroupRefused(): number {
	return DHE_GROUP_REFUSED;
}
