// Return routability checks (RFC 9853): challenges to a new address of the peer's, and answers to the peer's challenges.

import { copy } from "../base/bytes.js";
import type { Entropy } from "../os/os.js";
import type { DtlsInput } from "../record/dtls-input.js";
import type { DtlsOutput } from "../record/dtls-output.js";
import { COOKIE_LENGTH, path_challenge, path_drop, path_response } from "../record/dtls-paths.js";
import { return_routability_check } from "../wire/registry.js";

/**
 * The checks of one connection.
 *
 *     if (input.type === return_routability_check) checks.read(true);
 *     checks.pump(now);
 */
export class DtlsPathChecks {
	readonly #memory: Uint8Array;
	readonly #input: DtlsInput;
	readonly #output: DtlsOutput;
	readonly #entropy: Entropy;

	constructor(memory: Uint8Array, input: DtlsInput, output: DtlsOutput, entropy: Entropy) {
		this.#memory = memory;
		this.#input = input;
		this.#output = output;
		this.#entropy = entropy;
	}

	/** Reads the message that stands, once the handshake is over; what isn't known is ignored (RFC 9853 4). */
	read(finished: boolean): void {
		const { at, end, ids } = this.#input;
		if (!ids.paths.checks || end - at !== 1 + COOKIE_LENGTH || !finished) return;
		const type = this.#memory[at];
		if (type === path_challenge) ids.paths.challenge(this.#memory, at + 1);
		else if (type === path_response) ids.paths.confirm(this.#memory, at + 1);
		else if (type === path_drop) ids.paths.drop(this.#memory, at + 1);
	}

	/** Answers a challenge, and challenges a new address. */
	pump(now: number): void {
		const { paths } = this.#input.ids;
		if (paths.answerTo !== undefined && this.send(paths.answerType, paths.answerCookie, paths.answerTo)) paths.answerTo = undefined;
		if (!paths.due(now)) return;
		this.#entropy.fill(paths.cookie, 0, COOKIE_LENGTH);
		this.send(path_challenge, paths.cookie, paths.target);
	}

	/** False if there is no room; a challenge is then lost, and sent again. */
	private send(type: number, cookie: Uint8Array, address: string): boolean {
		const output = this.#output;
		if (output.roomForAlert() < 1 + COOKIE_LENGTH) return false;
		const at = output.contentAt();
		this.#memory[at] = type;
		copy(this.#memory, at + 1, cookie, 0, COOKIE_LENGTH);
		output.sealElsewhere(return_routability_check, at + 1 + COOKIE_LENGTH, address);
		return true;
	}
}
