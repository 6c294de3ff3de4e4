// Stands in for crypto/noble/hashes in images: see noble-aeads.ts.

import { nativeSha1, nativeSha256, nativeSha384, nativeSha512 } from "polltls/moddable/crypto-native";

export const nobleSha1 = nativeSha1;
export const nobleSha256 = nativeSha256;
export const nobleSha384 = nativeSha384;
export const nobleSha512 = nativeSha512;
