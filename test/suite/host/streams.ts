// A host's TCP: a port, who connects to it, bytes in order and whole, back-pressure, and every end. For the host suite.

import { type StreamListener, type StreamTransport, TRANSPORT_CLOSED, WOULD_BLOCK } from "polltls/os/os";
import type { Checks, HostUnderTest } from "../host-suite.js";
import { bytesFrom, equal, same, sleep, until } from "./steps.js";

/** More than any TCP keeps for a reader that doesn't read. */
const FLOOD = 32 * 1024 * 1024;

/** A port and both ends of a connection to it. */
class Both {
	readonly listener: StreamListener;
	readonly here: StreamTransport;
	there!: StreamTransport;

	constructor({ device, address, streamPort }: HostUnderTest) {
		this.listener = device.listen(streamPort, 2);
		this.here = device.connect(address, streamPort);
	}

	*open(host: HostUnderTest): Generator<number, this> {
		yield* until(host, "the listener tells of a connection", () => this.listener.waiting);
		const there = this.listener.accept();
		if (there === undefined) throw new Error("waiting, and nobody to accept");
		this.there = there;
		yield* until(host, "connected", () => !(this.here.connecting ?? false));
		return this;
	}

	*close(host: HostUnderTest): Generator<number, void> {
		this.here.close();
		this.there.close();
		this.listener.close();
		yield* sleep(host, 50); // the port is free again
	}
}

function* both(host: HostUnderTest): Generator<number, Both> {
	return yield* new Both(host).open(host);
}

/** Writes all of it, and reads all of it at the other end. */
function* carry(host: HostUnderTest, from: StreamTransport, to: StreamTransport, bytes: Uint8Array, piece: number): Generator<number, Uint8Array> {
	const got = new Uint8Array(bytes.length);
	let sent = 0;
	let received = 0;
	yield* until(host, `${bytes.length} bytes`, () => {
		for (let moved = true; moved; ) {
			const written = sent < bytes.length ? from.write(bytes, sent, Math.min(bytes.length, sent + piece)) : 0;
			const read = received < got.length ? to.read(got, received, Math.min(got.length, received + piece)) : 0;
			if (written < 0 || read < 0) throw new Error(`write answered ${written}, read ${read} after ${sent} and ${received} bytes`);
			sent += written;
			received += read;
			moved = written > 0 || read > 0;
		}
		return received === bytes.length;
	});
	return got;
}

export const streamChecks: Checks = {
	*"streams: who connects is told of, once"(host: HostUnderTest) {
		const { listener, here, there } = yield* both(host);
		equal(listener.waiting, false, "nobody else");
		equal(listener.accept(), undefined, "nobody to accept");
		const room = new Uint8Array(4);
		for (const end of [here, there]) equal(end.read(room, 0, 4), WOULD_BLOCK, "nothing to read");
		equal(here.read(room, 2, 2), WOULD_BLOCK, "no room");
		here.close();
		there.close();
		listener.close();
		yield* sleep(host, 50);
	},

	*"streams: bytes go from and to their places"(host: HostUnderTest) {
		const pair = yield* both(host);
		const bytes = Uint8Array.of(9, 9, 1, 2, 3, 9);
		let written = 0;
		yield* until(host, "written", () => {
			written += pair.here.write(bytes, 2 + written, 5);
			return written === 3;
		});
		const got = new Uint8Array(8);
		let at = 4;
		yield* until(host, "read", () => {
			at += Math.max(0, pair.there.read(got, at, 8));
			return at === 7;
		});
		same(got, Uint8Array.of(0, 0, 0, 0, 1, 2, 3, 0), "its place");
		yield* pair.close(host);
	},

	*"streams: 100,000 bytes in order, both ways"(host: HostUnderTest) {
		const pair = yield* both(host);
		const bytes = bytesFrom(100000, 3);
		for (const [from, to] of [
			[pair.here, pair.there],
			[pair.there, pair.here],
		]) {
			const got = yield* carry(host, from, to, bytes, 1436);
			for (let i = 0; i < got.length; i++) if (got[i] !== bytes[i]) throw new Error(`byte ${i} is another`);
		}
		yield* pair.close(host);
	},

	*"streams: a write without a reader is refused in the end"(host: HostUnderTest) {
		const pair = yield* both(host);
		const bytes = bytesFrom(4096, 5);
		let taken = 0;
		for (let count = 1; count > 0; taken += count) {
			count = pair.here.write(bytes, 0, bytes.length);
			if (count < 0) throw new Error(`write answered ${count}`);
			if (taken > FLOOD) throw new Error(`${taken} bytes were taken that nobody reads`);
		}
		equal(pair.here.write(bytes, 0, bytes.length), WOULD_BLOCK, "and stays so while nobody reads");
		yield* pair.close(host);
	},

	*"streams: what was written before close arrives, then the end"(host: HostUnderTest) {
		const pair = yield* both(host);
		const bytes = bytesFrom(300, 7);
		let sent = 0;
		yield* until(host, "written", () => {
			sent += pair.here.write(bytes, sent, bytes.length);
			return sent === bytes.length;
		});
		pair.here.close();
		const got = new Uint8Array(400);
		let at = 0;
		yield* until(host, "the end", () => {
			const count = pair.there.read(got, at, got.length);
			if (count === WOULD_BLOCK) return false;
			if (count < 0) equal(count, TRANSPORT_CLOSED, "the end");
			else at += count;
			return count < 0;
		});
		same(got.slice(0, at), bytes, "all of it");
		equal(pair.there.read(got, 0, 1), TRANSPORT_CLOSED, "again");
		pair.there.close();
		pair.listener.close();
		yield* sleep(host, 50);
	},

	*"streams: a port that is taken, and one where nobody is"(host: HostUnderTest) {
		const { device, address, streamPort } = host;
		const listener = device.listen(streamPort, 1);
		let refused = false;
		try {
			device.listen(streamPort, 1);
		} catch {
			refused = true;
		}
		equal(refused, true, "a second listener on the port is refused");
		yield* sleep(host, 50);
		listener.close();
		yield* sleep(host, 50);
		const here = device.connect(address, streamPort);
		const room = new Uint8Array(1);
		yield* until(host, "it fails", () => here.read(room, 0, 1) < 0);
		equal(here.connecting ?? false, false, "it isn't connecting any more");
		equal(here.write(room, 0, 1) < 0, true, "write fails too");
		here.close();
	},
};
