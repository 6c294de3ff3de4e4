// Stands in for crypto/noble/hashes: see noble-aeads.ts.

import { psaSha1, psaSha256, psaSha384, psaSha512 } from "polltls/moddable/psa/crypto-psa";

export const nobleSha1 = psaSha1;
export const nobleSha256 = psaSha256;
export const nobleSha384 = psaSha384;
export const nobleSha512 = psaSha512;
