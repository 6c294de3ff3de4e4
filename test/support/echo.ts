// The echo programs of examples/echo as tests run them: in Node, and on a simulated device.

import type { EchoPlan, EchoProgram } from "../../examples/echo/start.js";
import { startEcho } from "../../examples/echo/start.js";
import { PolledDevice } from "../../hosts/node/polled-device.js";
import { nodeRegistry } from "../../hosts/node/registry.js";
import { Simulator } from "../../hosts/sim/simulator.js";
import type { Ending } from "./processes.js";

export const kinds = ["native-tcp", "native-udp", "tls-socket", "dtls-socket"] as const;
export const styles = ["events", "polled"] as const;
export type Engine = "node" | "xs";

export function isDatagram(kind: EchoPlan["kind"]): boolean {
	return kind === "native-udp" || kind === "dtls-socket";
}

/** Runs in the simulator. */
const entry = {
	source: `
		import { startEcho } from "./examples/echo/start.js";
		import { runOnDevice } from "./hosts/sim/device.js";
		import { deviceRegistry } from "./hosts/sim/registry.js";
		runOnDevice((device, plan) => {
			const program = startEcho(device, deviceRegistry(), plan as never);
			return {
				poll: () => (program.done ? Math.min(program.poll(), device.clock.ticks() + 20) : program.poll()),
				report: () => ({ echo: program.echo, done: program.done, failure: program.failure }),
			};
		});
	`,
};

/** Starts a server on a free port, which it answers; it ends with the test. */
export async function startEchoServer(t: Ending, engine: Engine, plan: Omit<EchoPlan, "port">): Promise<number> {
	if (engine === "xs") {
		const simulator = await Simulator.start({ entry, config: { ...plan, port: 0 }, heapLimit: 0, heapWatch: "none" });
		simulator.ended.catch(() => {});
		t.after(() => simulator.stop());
		return isDatagram(plan.kind) ? simulator.datagramPort(0) : simulator.listening(0);
	}
	const device = new PolledDevice();
	const program = startEcho(device, nodeRegistry("node"), { ...plan, port: 0 });
	let over = false;
	const running = device.run(program, () => over);
	t.after(async () => {
		over = true;
		device.wake();
		await running;
		device.close();
	});
	return isDatagram(plan.kind) ? device.datagrams.port(0) : device.streams.port(0);
}

/** Runs a client to its end and answers what it tells. */
export async function runEchoClient(engine: Engine, plan: EchoPlan): Promise<Pick<EchoProgram, "echo" | "done" | "failure">> {
	const limit = Date.now() + 30000;
	if (engine === "node") {
		const device = new PolledDevice();
		const program = startEcho(device, nodeRegistry("node"), plan);
		const timer = setInterval(() => device.wake(), 100);
		await device.run(program, () => (program.done ?? false) || Date.now() > limit);
		for (let i = 0; i < 20; i++) {
			program.poll(); // what is still being closed
			await new Promise((resolve) => setTimeout(resolve, 5));
		}
		clearInterval(timer);
		device.close();
		return program;
	}
	const simulator = await Simulator.start({ entry, config: plan, heapLimit: 0, heapWatch: "none" });
	simulator.ended.catch(() => {});
	try {
		for (;;) {
			const report = (await simulator.report()) as EchoProgram;
			if (report.done || Date.now() > limit) return report;
			await new Promise((resolve) => setTimeout(resolve, 20));
		}
	} finally {
		await new Promise((resolve) => setTimeout(resolve, 100));
		await simulator.stop();
	}
}
