// Stands in for crypto/public-key/rsa in an image with the PSA provider.

import { psaRsa, psaRsaPss } from "polltls/moddable/psa/public-key-psa";

export const rsa = psaRsa;
export const rsaPss = psaRsaPss;
