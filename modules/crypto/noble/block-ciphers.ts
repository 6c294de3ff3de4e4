// AES in CBC mode without padding on @noble/ciphers, in place, for the noble provider (desktop and tests).

import { AES_128_CBC, AES_256_CBC, type BlockCipherAlgorithm } from "../types.js";
import { NobleCbcBlocks } from "./aes-blocks.js";

export const nobleAes128Cbc: BlockCipherAlgorithm = Object.freeze({
	id: AES_128_CBC,
	keyLength: 16,
	blockLength: 16,
	cost: 11,
	create: () => new NobleCbcBlocks(16),
});

export const nobleAes256Cbc: BlockCipherAlgorithm = Object.freeze({
	id: AES_256_CBC,
	keyLength: 32,
	blockLength: 16,
	cost: 14,
	create: () => new NobleCbcBlocks(32),
});
