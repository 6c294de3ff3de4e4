// Small named values in ECMA-419's key-value storage (embedded:storage/key-value): hosts/moddable/store.ts for Zephyr.

import KeyValueStorage, { type Storage } from "embedded:storage/key-value";
import type { Store } from "polltls/os/os";

/**
 * Values of any length that the storage takes.
 *
 *     const store = new DeviceStore("polltls");
 */
export class DeviceStore implements Store {
	readonly #path: string;

	constructor(domain: string) {
		this.#path = domain;
	}

	get(name: string): Uint8Array | undefined {
		const storage = this.open();
		try {
			const value = storage.read(name);
			return value instanceof ArrayBuffer ? new Uint8Array(value) : undefined;
		} finally {
			storage.close();
		}
	}

	set(name: string, value: Uint8Array): void {
		const storage = this.open();
		try {
			storage.write(name, value);
		} finally {
			storage.close();
		}
	}

	delete(name: string): void {
		const storage = this.open();
		try {
			storage.delete(name);
		} finally {
			storage.close();
		}
	}

	private open(): Storage {
		return KeyValueStorage.open({ path: this.#path, mode: "r+", format: "buffer" });
	}
}
