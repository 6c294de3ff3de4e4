// Small named values in the SDK's preferences (flash on a device, a file on a desktop). For main modules; zephyr/store.ts
// stands in for it on Zephyr, where the SDK has no preferences. Not preloaded on Linux, whose preferences are read when their
// module is loaded.

import type { Store } from "polltls/os/os";
import Preference from "preference";
import { settings } from "./settings.js";

/**
 * Values of any length, in pieces where the platform's preferences are short (63 bytes on pico and nrf52; there the
 * whole store is one flash block). A piece's name is the value's with its number: names of up to 13 characters.
 *
 *     const store = new DeviceStore("polltls");
 */
export class DeviceStore implements Store {
	readonly #domain: string;
	readonly #pieceSize: number;

	constructor(domain: string) {
		this.#domain = domain;
		this.#pieceSize = settings.pieceSize;
	}

	get(name: string): Uint8Array | undefined {
		const length = Preference.get(this.#domain, name);
		if (typeof length !== "number") return undefined;
		const value = new Uint8Array(length);
		let at = 0;
		for (let i = 0; at < length; i++) {
			const piece = Preference.get(this.#domain, `${name}.${i}`);
			if (!(piece instanceof ArrayBuffer) || piece.byteLength === 0 || at + piece.byteLength > length) return undefined; // cut off by a reset
			value.set(new Uint8Array(piece), at);
			at += piece.byteLength;
		}
		return value;
	}

	/** The length is written last: a value that a reset cut off doesn't exist. */
	set(name: string, value: Uint8Array): void {
		this.delete(name);
		let at = 0;
		for (let i = 0; at < value.length; i++) {
			const end = Math.min(at + this.#pieceSize, value.length);
			Preference.set(this.#domain, `${name}.${i}`, value.slice(at, end).buffer as ArrayBuffer);
			at = end;
		}
		Preference.set(this.#domain, name, value.length);
	}

	delete(name: string): void {
		const domain = this.#domain;
		Preference.delete(domain, name);
		for (let i = 0; Preference.get(domain, `${name}.${i}`) !== undefined; i++) Preference.delete(domain, `${name}.${i}`);
	}
}
