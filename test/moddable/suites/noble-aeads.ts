// Stands in for crypto/noble/aeads in images: what the suites call noble's is the SDK's native code there.

import {
	nativeAes128Ccm,
	nativeAes128Ccm8,
	nativeAes128Gcm,
	nativeAes256Ccm,
	nativeAes256Ccm8,
	nativeAes256Gcm,
	nativeChaCha20Poly1305,
} from "polltls/moddable/crypto-native";

export const nobleAes128Ccm = nativeAes128Ccm;
export const nobleAes256Ccm = nativeAes256Ccm;
export const nobleAes128Gcm = nativeAes128Gcm;
export const nobleAes256Gcm = nativeAes256Gcm;
export const nobleAes128Ccm8 = nativeAes128Ccm8;
export const nobleAes256Ccm8 = nativeAes256Ccm8;
export const nobleChaCha20Poly1305 = nativeChaCha20Poly1305;
