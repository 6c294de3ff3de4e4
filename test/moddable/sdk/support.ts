// What the jobs of this image share: their parameters, which come as environment variables, and a resolver that needs no
// network.

import { File } from "file";
import { TestNative } from "test/native/test-native";
import Timer from "timer";

export function print(line: string): void {
	trace(`${line}\n`);
}

export function end(code: number): void {
	TestNative.exit(code);
}

export function parameter(name: string): string {
	return TestNative.environment(name) ?? "";
}

/** The bytes of the file that a parameter names. */
export function fileOf(name: string): Uint8Array {
	const file = new File(parameter(name));
	const bytes = new Uint8Array(file.read(ArrayBuffer) as ArrayBuffer);
	file.close();
	return bytes;
}

/** Every name is this machine's. */
export class LocalResolver {
	resolve({ host, onResolved }: { host: string; onResolved(host: string, address: string): void }): void {
		Timer.set(() => onResolved(host, "127.0.0.1"));
	}
	close(): void {}
}

/** An entry of device.network, for a server on this machine. */
export function network(name: string): { [key: string]: unknown; io: new (options: object) => unknown; socket: object } {
	const entry = (globalThis as unknown as { device: { network: Record<string, { io: new (options: object) => unknown; socket: object }> } }).device.network[
		name
	];
	return { ...entry, dns: { io: LocalResolver }, socket: { ...entry.socket, tls: { ca: fileOf("CA") } } };
}
