// Stands in for crypto/public-key/p384 in an image with the PSA provider.

import { psaEcdsaP384, psaSecp384r1 } from "polltls/moddable/psa/public-key-psa";

export const ecdsaP384 = psaEcdsaP384;
export const secp384r1 = psaSecp384r1;
