// Entropy of the hardware or of the operating system, for Moddable.

import type { Entropy } from "polltls/os/os";
import { EntropyNative } from "./native/entropy-native.js";

/**
 * getrandom, esp_fill_random or what the platform has (native/entropy-native.c says which). Throws where it would only
 * be pseudo-random: on an ESP32 whose radio is off.
 */
export const nativeEntropy: Entropy = Object.freeze({
	fill(bytes: Uint8Array, at: number, end: number): void {
		EntropyNative.fill(bytes, at, end);
	},
});
