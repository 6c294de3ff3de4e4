// Stands in for crypto/noble/block-ciphers: see noble-aeads.ts.

import { psaAes128Cbc, psaAes256Cbc } from "polltls/moddable/psa/crypto-psa";

export const nobleAes128Cbc = psaAes128Cbc;
export const nobleAes256Cbc = psaAes256Cbc;
