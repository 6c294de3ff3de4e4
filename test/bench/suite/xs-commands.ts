// What xs-crypto.ts (Node) tells suite/xs-crypto.ts (XS) to do. A command is u8 what, u16 which operation or how many
// rounds, u32 microseconds.

/** JSON: the figures of all operations. */
export const MEASURE = 0;
/** The rest answer one byte: whether there is more to do. */
export const COLLECT = 1;
export const PREPARE = 2;
/** The first call of a run, and the next one. */
export const BEGIN = 3;
export const ADVANCE = 4;
/** For the cost of a command. */
export const NOTHING = 5;

// What xs-handshakes.ts tells suite/xs-party.ts: COLLECT, NOTHING, and
/** JSON. */
export const SETUP = 6;
/** u8 resumed: opens a connection. */
export const OPEN = 7;
/** Bytes from the other: one poll. */
export const TURN = 8;
/** The connection's session is kept. */
export const KEEP = 9;
/** UTF-8: the state that the handshake is in. */
export const STATE = 10;

/** What came of the last TURN. */
export const TOLD = 13;

/** Bytes of TOLD's answer before the bytes for the other. */
export const TURN_HEAD = 20;

// What xs-records.ts tells suite/xs-records.ts: SETUP, MEASURE, COLLECT, NOTHING, and
/** One record from the application to the network, and from there to the other application. */
export const SEND = 11;
export const RECEIVE = 12;
