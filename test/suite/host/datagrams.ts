// A host's UDP: datagrams whole, addresses in one spelling, what doesn't fit. For the host suite.

import { type DatagramNetwork, type DatagramTransport, WOULD_BLOCK } from "polltls/os/os";
import type { Check, Checks, HostUnderTest } from "../host-suite.js";
import { bytesFrom, equal, same, sleep, until } from "./steps.js";

export function datagramChecks({ datagrams }: HostUnderTest): Checks {
	if (datagrams !== undefined) return list;
	return Object.fromEntries(Object.keys(list).map((name) => [name, "the host has no UDP"]));
}

/** Sends until something has come: a datagram may be lost. */
function* carry(host: HostUnderTest, send: () => void, to: DatagramTransport, room: number): Generator<number, Uint8Array> {
	const bytes = new Uint8Array(room);
	const { clock } = host.device;
	let length = 0;
	let sendAt = 0;
	yield* until(
		host,
		"a datagram",
		() => {
			if (clock.ticks() >= sendAt) {
				send();
				sendAt = clock.ticks() + 500;
			}
			length = to.receive(bytes, 0, room);
			if (length < 0) throw new Error(`receive answered ${length}`);
			return length > 0;
		},
		() => sendAt,
	);
	return bytes.slice(0, length);
}

function* empty(host: HostUnderTest, port: DatagramTransport): Generator<number, void> {
	const bytes = new Uint8Array(2000);
	yield* sleep(host, 50);
	while (port.receive(bytes, 0, bytes.length) > 0);
}

function open({ datagrams, datagramPort }: HostUnderTest): [DatagramTransport, DatagramTransport] {
	const network = datagrams as DatagramNetwork;
	return [network.open(0), network.open(datagramPort)];
}

const list: Readonly<Record<string, Check>> = {
	*"datagrams: there and back, and addresses in one spelling"(host) {
		const [here, there] = open(host);
		const address = `${host.address} ${host.datagramPort}`;
		equal(here.receive(new Uint8Array(4), 0, 4), WOULD_BLOCK, "nothing has come");
		const bytes = Uint8Array.of(9, 1, 2, 3, 9);
		const got = yield* carry(host, () => here.send(bytes, 1, 4, address), there, 2000);
		same(got, Uint8Array.of(1, 2, 3), "its place");
		const { from } = there;
		const back = yield* carry(host, () => there.send(bytes, 0, 5, from), here, 2000);
		same(back, bytes, "the answer");
		equal(here.from, address, "the sender is spelled as it was sent to");
		here.close();
		there.close();
		yield* sleep(host, 50);
	},

	*"datagrams: whole, one at a time, up to 1400 bytes"(host) {
		const [here, there] = open(host);
		const address = `${host.address} ${host.datagramPort}`;
		for (const length of [1, 100, 1400]) {
			const bytes = bytesFrom(length, length);
			same(yield* carry(host, () => equal(here.send(bytes, 0, length, address), length, "taken"), there, 2000), bytes, `${length} bytes`);
			yield* empty(host, there);
		}
		here.close();
		there.close();
		yield* sleep(host, 50);
	},

	*"datagrams: what doesn't fit is lost, what is empty isn't there"(host) {
		const [here, there] = open(host);
		const address = `${host.address} ${host.datagramPort}`;
		const send = (): void => {
			here.send(bytesFrom(100, 1), 0, 100, address);
			here.send(bytesFrom(5, 2), 0, 5, address);
		};
		same(yield* carry(host, send, there, 50), bytesFrom(5, 2), "the one that fits");
		here.close();
		there.close();
		yield* sleep(host, 50);
	},

	*"datagrams: a port that is taken"(host) {
		const [here, there] = open(host);
		let refused = false;
		try {
			(host.datagrams as DatagramNetwork).open(host.datagramPort);
		} catch {
			refused = true;
		}
		equal(refused, true, "refused");
		here.close();
		there.close();
		yield* sleep(host, 50);
	},
};
