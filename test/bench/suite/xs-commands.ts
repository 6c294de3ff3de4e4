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
