// What ./keygen.ts asks of ./keygen-program.ts, as the first byte of a command.

/** u8 kind (keyTypes of keygen.ts), u16 bits. */
export const BEGIN = 0;
/** u16 budget: answers u8 (0 done, 1 working), or the failure's 4 bytes. */
export const STEP = 1;
/** PKCS#8, SubjectPublicKeyInfo. */
export const PRIVATE = 2;
export const PUBLIC = 3;
/** u8 whether it is new, f64 milliseconds of the processor's work. */
export const TOLD = 4;
