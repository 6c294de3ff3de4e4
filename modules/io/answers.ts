// How the calls of the stack and of its interfaces answer: a public code, and beside it what stands in outcome. Every
// failure of these floors is raised here, so that each has one place.

import {
	ARGUMENT_MISSING,
	ARGUMENT_REFUSED,
	CONNECTION_UNKNOWN,
	CONNECTIONS_EXHAUSTED,
	codeOf,
	type Failure,
	HANDSHAKE_NOT_BEGUN,
	NO_FAILURE,
	OPERATION_UNSUPPORTED,
	STACK_NOT_READY,
	TRANSPORT_BROKEN,
} from "../base/failure.js";
import { OK, WAIT } from "../base/status.js";

/** What the last call answered beside its code. */
export class Outcome {
	/** Bytes that send took or receive gave. */
	count = 0;
	/** With WAIT: why (WANTS_... bits; with OK of send: WANTS_OUTPUT while not all of it has gone), and by when it is worth another call whatever happens, in ticks. */
	wants = 0;
	wakeAt = Number.POSITIVE_INFINITY;
	/** With a code that is an error: the precise failure; with MEM_ERR: the bytes that would have been needed; what was thrown, if anything was. */
	failure: Failure = NO_FAILURE;
	bytesNeeded = 0;
	cause: unknown = undefined;
}

/** Whatever has calls that answer. */
export abstract class Answering {
	readonly outcome = new Outcome();

	protected succeed(count = 0): number {
		const { outcome } = this;
		outcome.count = count;
		outcome.wants = 0;
		outcome.wakeAt = Number.POSITIVE_INFINITY;
		outcome.failure = NO_FAILURE;
		return OK;
	}

	protected refuse(failure: Failure): number {
		const { outcome } = this;
		outcome.count = 0;
		outcome.wants = 0;
		outcome.wakeAt = Number.POSITIVE_INFINITY;
		outcome.failure = failure;
		return codeOf(failure);
	}

	protected waitFor(wants: number, wakeAt: number): number {
		const { outcome } = this;
		outcome.count = 0;
		outcome.wants = wants;
		outcome.wakeAt = wakeAt;
		outcome.failure = NO_FAILURE;
		return WAIT;
	}

	/** What another one has answered. */
	protected pass(code: number, other: Answering): number {
		const { outcome } = this;
		const { count, wants, wakeAt, failure, bytesNeeded, cause } = other.outcome;
		outcome.count = count;
		outcome.wants = wants;
		outcome.wakeAt = wakeAt;
		outcome.failure = failure;
		outcome.bytesNeeded = bytesNeeded;
		outcome.cause = cause;
		return code;
	}

	/** INIT_ERR */
	protected notReady(): number {
		return this.refuse(STACK_NOT_READY);
	}
	/** NULL_PTR_ERR */
	protected missing(): number {
		return this.refuse(ARGUMENT_MISSING);
	}
	/** PARAM_ERR */
	protected refuseArgument(cause: unknown): number {
		this.outcome.cause = cause;
		return this.refuse(ARGUMENT_REFUSED);
	}
	/** NOT_FOUND_ERR */
	protected unknown(): number {
		return this.refuse(CONNECTION_UNKNOWN);
	}
	/** FULL_ERR */
	protected exhausted(): number {
		return this.refuse(CONNECTIONS_EXHAUSTED);
	}
	/** HS_ERR */
	protected notBegun(): number {
		return this.refuse(HANDSHAKE_NOT_BEGUN);
	}
	/** TYPE_ERR */
	protected unsupported(): number {
		return this.refuse(OPERATION_UNSUPPORTED);
	}
	/** IO_ERR */
	protected broken(): number {
		return this.refuse(TRANSPORT_BROKEN);
	}
}
