// What the two halves of the simulated device say to each other: the host (Node) and the device (XS). For both.
// Numbers are big-endian.
//
// A command goes from the host to the device, which does a bounded piece of work and answers:
//   START  JSON                                                  -> nothing
//   POLL   f64 ticks (ms), f64 seconds since 1970 (-1: unknown), u32 bytes of heap in use, u32 their peak, then
//          for each connection and port that changed:
//          u16 handle, u8 flags, u16 bytes that can be read, u16 bytes that can be written
//                                                                -> f64 ticks of the next call, 0 at once,
//                                                                   f64 ms that the call took, f64 ms of them spent
//                                                                   in requests
//   REPORT                                                       -> JSON
//   TELL   JSON, for programs that listen to their host          -> JSON
//
// While it works the device may make requests, which the host answers at once (issueCommand in XS is synchronous):
// this is how it reaches what is native code on a device. A request is u8 operation and its fields; an answer is
// its fields alone. The host ends a device that asks for what can't be.

// Commands
export const START = 1;
export const POLL = 2;
export const REPORT = 3;
export const TELL = 4;

/** Bytes of a handle's entry in POLL, and of what stands before the entries. */
export const ENTRY_LENGTH = 7;
export const POLL_HEAD_LENGTH = 25;
/** What a handle can have readable or writable at most: the window of an ESP32's TCP. */
export const WINDOW = 8192;

// Flags of a handle in POLL
/** The peer's bytes end after those that can be read. */
export const ENDED = 1;
/** The connection broke. */
export const FAILED = 2;
/** A listener has a connection to accept. */
export const ACCEPTABLE = 4;

// Requests
/** u16 length -> bytes */
export const ENTROPY = 0;
/** u8 level, UTF-8 -> nothing */
export const LOG = 1;
/** UTF-8 name -> u8 found, bytes */
export const STORE_READ = 2;
/** u8 name's length, name, bytes -> nothing */
export const STORE_WRITE = 3;
/** UTF-8 name -> nothing */
export const STORE_DELETE = 4;
/** u16 port, u8 length of the queue -> u16 handle, or 0 and UTF-8 why the port can't be had */
export const LISTEN = 5;
/** u16 handle -> u16 connection's handle, or 0; u8 whether another one waits */
export const ACCEPT = 6;
/** u16 port, UTF-8 host -> u16 handle */
export const CONNECT = 7;
/** u16 handle, u16 limit -> bytes */
export const SOCKET_READ = 8;
/** u16 handle, bytes -> nothing; no more than POLL said */
export const SOCKET_WRITE = 9;
/** u16 handle -> nothing; what was written still goes out, then the handle is free */
export const SOCKET_CLOSE = 10;
/** JSON -> nothing: what a program tells its host */
export const NOTE = 11;
/** u16 port -> u16 handle, or 0 and UTF-8 why the port can't be had; POLL tells how many datagrams can be read */
export const DATAGRAM_OPEN = 12;
/** u16 handle -> u8 length of the sender's address (0: no datagram), address, bytes */
export const DATAGRAM_RECEIVE = 13;
/** u16 handle, u8 length of the address, address, bytes -> nothing */
export const DATAGRAM_SEND = 14;
/** u16 handle -> nothing */
export const DATAGRAM_CLOSE = 15;
/** u8 hash, bytes -> u32 state */
export const HASH_BEGIN = 20;
/** u8 hash, u16 key's length, key, bytes -> u32 state */
export const HMAC_BEGIN = 21;
/** u32 state, bytes -> nothing; of a hash or an HMAC */
export const DIGEST_UPDATE = 22;
/** u32 state -> u32 state; of a hash */
export const DIGEST_FORK = 23;
/** u32 state -> the digest; the state is gone */
export const DIGEST_END = 24;
/** u8 AEAD, key, nonce, u16 length of the additional data, additional data, plaintext -> ciphertext and tag */
export const AEAD_SEAL = 25;
/** The same with ciphertext and tag -> u8 whether the tag is right, plaintext */
export const AEAD_OPEN = 26;
/** u16 cipher, key, iv, bytes -> bytes */
export const CBC_ENCRYPT = 27;
export const CBC_DECRYPT = 28;
/** u8 AEAD, key, 16 bytes of ciphertext -> 5 bytes */
export const NUMBER_MASK = 29;

/** Characters of a stored value's name, as in a device's flash. */
export const STORE_NAME_LIMIT = 64;
