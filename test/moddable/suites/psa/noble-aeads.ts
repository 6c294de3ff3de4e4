// Stands in for crypto/noble/aeads in an image with the PSA provider: what the suites call noble's is PSA's there.

import { psaAes128Ccm, psaAes128Ccm8, psaAes128Gcm, psaAes256Ccm, psaAes256Ccm8, psaAes256Gcm, psaChaCha20Poly1305 } from "polltls/moddable/psa/crypto-psa";

export const nobleAes128Ccm = psaAes128Ccm;
export const nobleAes256Ccm = psaAes256Ccm;
export const nobleAes128Gcm = psaAes128Gcm;
export const nobleAes256Gcm = psaAes256Gcm;
export const nobleAes128Ccm8 = psaAes128Ccm8;
export const nobleAes256Ccm8 = psaAes256Ccm8;
export const nobleChaCha20Poly1305 = psaChaCha20Poly1305;
