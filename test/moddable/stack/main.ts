// An image with a stack whose configuration is its manifest's: what it takes of the heap, and the host suite on this host.

import { Stack } from "polltls/io/module";
import { manifestConfiguration } from "polltls/moddable/configuration";
import { ModdableDatagrams } from "polltls/moddable/datagram-network";
import { ModdableDevice } from "polltls/moddable/device";
import { nativeEntropy } from "polltls/moddable/entropy";
import { deviceRegistry } from "polltls/moddable/registry";
import { runProgram } from "polltls/moddable/run";
import { ManualClock, MemoryStore } from "polltls/os/in-memory";
import { runHostSuite } from "project/test/suite/host-suite";
import { BenchNative } from "test/bench/native/bench-native";
import { TestNative } from "test/native/test-native";

/** Bytes of a slot on a device. */
const SLOT = 16;

function live(): number {
	BenchNative.collect();
	BenchNative.collect();
	return BenchNative.slots() * SLOT + BenchNative.chunks();
}

function measure(): void {
	const clock = new ManualClock(0);
	const make = (): Stack => new Stack({ clock, entropy: nativeEntropy, linked: {} });
	make().init(manifestConfiguration()); // what is made once is there
	const before = live();
	const stack = make();
	const code = stack.init(manifestConfiguration());
	const bytes = live() - before;
	const { heap, total } = stack.memory();
	const { maxConnections, receiveBufferSize, dtls } = stack.configuration;
	trace(`${JSON.stringify({ code, bytes, heap, total, maxConnections, receiveBufferSize, dtls })}\n`);
}

export default function () {
	measure();
	const device = new ModdableDevice({ store: new MemoryStore() });
	const [streamPort, datagramPort] = ["STREAM_PORT", "DATAGRAM_PORT"].map((name) => Number(TestNative.environment(name)));
	const datagrams = new ModdableDatagrams(device);
	// xs_tcp_read of modules/io/socket/lin triggers onError, but its poll, which reports it, returns early for who has ended
	const faults = {
		"streams: what was written before close arrives, then the end": "the SDK's TCP for Linux tells no end that came before the last bytes were read",
	};
	const suite = runHostSuite({ device, registry: deviceRegistry(), address: "127.0.0.1", streamPort, datagramPort, datagrams, faults });
	let told = 0;
	runProgram(device, {
		poll() {
			const wakeAt = suite.poll();
			const lines = suite.lines();
			while (told < lines.length) trace(`${lines[told++]}\n`);
			if (suite.done) TestNative.exit(suite.passed ? 0 : 1);
			return wakeAt;
		},
	});
}
