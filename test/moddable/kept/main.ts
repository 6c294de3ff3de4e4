// An image that tells what is live in its heap when it starts, and when the modules named in MODULES were imported: lines of
// slots and bytes of chunks, as on a device of 32 bits.

import Modules from "modules";
import { BenchNative } from "test/bench/native/bench-native";
import { TestNative } from "test/native/test-native";

function print(): void {
	BenchNative.collect();
	BenchNative.collect();
	const slots = BenchNative.slots();
	trace(`${slots} ${BenchNative.chunks()}\n`);
}

export default function () {
	print();
	const names = TestNative.environment("MODULES") ?? "";
	if (names !== "") for (const name of names.split(" ")) Modules.importNow(name);
	print();
	print();
	TestNative.exit(0);
}
