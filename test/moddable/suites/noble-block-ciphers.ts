// Stands in for crypto/noble/block-ciphers in images: see noble-aeads.ts.

import { nativeAes128Cbc, nativeAes256Cbc } from "polltls/moddable/crypto-native";

export const nobleAes128Cbc = nativeAes128Cbc;
export const nobleAes256Cbc = nativeAes256Cbc;
