// An image that runs one portable suite: the module that SUITE names, whose cases, but for those named in the lines of
// WITHOUT, it reports in lines that begin with ok or not ok.

import Resource from "Resource";
import Modules from "modules";
import { TestNative } from "test/native/test-native";

export default function () {
	if (Resource.exists("globals.json")) Object.assign(globalThis, JSON.parse(String.fromArrayBuffer(new Resource("globals.json").slice(0))));
	const { cases } = Modules.importNow(TestNative.environment("SUITE") ?? "") as { cases: Record<string, () => void> };
	const without = (TestNative.environment("WITHOUT") ?? "").split("\n");
	let failures = 0;
	for (const name of Object.keys(cases)) {
		if (without.includes(name)) continue;
		const start = TestNative.microseconds();
		try {
			cases[name]();
			trace(`ok - ${name} (${Math.round((TestNative.microseconds() - start) / 1000)} ms)\n`);
		} catch (error) {
			failures++;
			trace(`not ok - ${name}: ${error} ${(error as Error).stack ?? ""}\n`.replaceAll("\n", " "), "\n");
		}
	}
	TestNative.exit(failures > 0 ? 1 : 0);
}
