// The numbers that calls answer with. For everybody: public return codes (those of the field's embedded API),
// the reasons of a WAIT, what a step of a flow and what a job returns.

// Public return codes
export const OK = 0;
export const SET = 1;
export const NOT_SET = 2;
export const FOUND = 3;
export const SIGN_VERIFY = 5;
/** The call can't go on yet: see the reason (WANTS_...) and the deadline beside it. */
export const WAIT = 6;
export const INIT_ERR = 7;
export const NOT_FOUND_ERR = 8;
export const IO_ERR = 9;
export const TYPE_ERR = 10;
export const FULL_ERR = 11;
export const NULL_PTR_ERR = 12;
export const HS_ERR = 13;
export const PARAM_ERR = 14;
export const MEM_ERR = 15;
export const VERIFY_ERR = 16;
export const CERTIFICATE_ERR = 17;
export const ENCRYPTION_MODULE_ERR = 18;
export const HEARTBEAT_TIMEOUT_ERR = 19;
export const DROP_MESSAGE = 20;
export const TIMEOUT_ERR = 21;
export const DTLS_NEW_CONN = 22;
export const DTLS_DROP_FRMSG = 23;
export const DTLS_CONNECT_ERR = 24;

// Why a call answers WAIT: a set of bits
/** Bytes from the network. */
export const WANTS_INPUT = 1;
/** The network must take bytes. */
export const WANTS_OUTPUT = 2;
/** Only time on the processor: call again when nothing else is to be done. */
export const WANTS_WORK = 4;
/** The deadline of wakeAt. */
export const WANTS_TIMER = 8;
/** The application must read what has arrived, before more can be taken from the network. */
export const WANTS_APPLICATION = 16;

// What a step of a flow returns: the next state (0 and up), or one of these
export const WAIT_INPUT = -1;
export const WAIT_OUTPUT = -2;
export const WAIT_WORK = -3;
export const WAIT_TIMER = -4;
/** The failure is in the handshake's context. */
export const FAILED = -5;

// What a job's step returns: one of these, or a failure (base/failure, always above 255)
export const WORKING = 0;
export const DONE = 1;

// The states of a connection
export const CLOSED = 0;
export const HANDSHAKE = 1;
/** Application data goes both ways. */
export const OPERATING = 2;
/** We have sent close_notify and still read. */
export const CLOSING = 3;
