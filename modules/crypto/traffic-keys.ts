// The keys of one direction of one epoch, on their way from the key schedule (1.3) or the key block (1.2) to the
// record layer, which takes its own copy; who filled it wipes it then. For crypto/key-schedule, crypto/prf, record.

import { NO_BYTES, wipe } from "../base/bytes.js";
import type { Suite } from "./suites.js";

/** One direction's keys. Lengths are the suite's; what a suite doesn't have is not looked at. */
export class TrafficKeys {
	/** TLS_1_2 or TLS_1_3: which record protection they are for. */
	version = 0;
	suite: Suite | undefined = undefined;
	readonly key = new Uint8Array(32);
	/** 1.3 and ChaCha20: 12 bytes; 1.2 AES AEADs: 4 bytes of salt. */
	readonly iv = new Uint8Array(12);
	/** CBC suites: an array of its own. */
	macKey: Uint8Array = NO_BYTES;
	/** Record number encryption (RFC 9147 4.2.3): an array of its own. */
	numberKey: Uint8Array = NO_BYTES;
	/** 1.2, CBC suites: the MAC covers the ciphertext (RFC 7366). */
	encryptThenMac = false;

	wipe(): void {
		wipe(this.key);
		wipe(this.iv);
		wipe(this.macKey);
		wipe(this.numberKey);
	}
}
