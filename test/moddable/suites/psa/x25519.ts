// Stands in for crypto/public-key/x25519 in an image with the PSA provider; the ladder that a suite asks for is still ours.

import * as sliced from "polltls/crypto/public-key/x25519-sliced";
import { psaX25519 } from "polltls/moddable/psa/public-key-psa";

export const Ladder25519 = sliced.Ladder25519;
export const x25519 = psaX25519;
