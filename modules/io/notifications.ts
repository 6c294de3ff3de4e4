// What the native interface tells its application, as bits: numbers of the original.

/** Data can be received, or the peer has closed, or the connection has failed: receive says which. */
export const DATA_READY = 0x1;
/** Ready: the connection is there (connect, accept), or there is room again for what was refused. */
export const TX_RDY = 0x2;
export const HANDSHAKE_FAILED = 0x10000;
export const HANDSHAKE_DONE = 0x20000;
/** The time for the handshake has run out. It goes on: the application decides. */
export const HANDSHAKE_TIMEOUT = 0x40000;
/** Over datagrams: so many retransmissions were not answered. They go on: the application decides. */
export const DTLS_TIMEOUT = 0x80000;
