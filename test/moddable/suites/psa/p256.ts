// Stands in for crypto/public-key/p256 in an image with the PSA provider.

import { psaEcdsaP256, psaSecp256r1 } from "polltls/moddable/psa/public-key-psa";

export const ecdsaP256 = psaEcdsaP256;
export const secp256r1 = psaSecp256r1;
