// The CoAP client over a socket that does as the scenario says: what is lost, late, refused or too long.

import { Writer } from "polltls/base/writer";
import { ACK, CON, CONTENT, CoapMessage, CoapWriter, EMPTY, NOT_FOUND, RST } from "polltls/coap-message";
import { CoapClient, type CoapClientOptions, codeText } from "polltls/moddable/coap-client";
import type { DtlsSocketOptions } from "polltls/moddable/dtls-socket";
import { bytesOf, equal, type Scenarios, sleep, textOf, throws } from "test/socket/scenario";

const BLOCK2 = 23;

/** What the client sends is noted; what it reads is what the scenario has put there. */
class FakeSocket {
	static last: FakeSocket;
	readonly options: DtlsSocketOptions;
	readonly sent: Uint8Array[] = [];
	readonly #incoming: ArrayBuffer[] = [];
	closed = false;

	constructor(options: DtlsSocketOptions) {
		this.options = options;
		FakeSocket.last = this;
		void sleep(1).then(() => this.closed || options.onWritable?.call(this as never, 1200));
	}
	read(): ArrayBuffer | undefined {
		return this.#incoming.shift();
	}
	write(bytes: Uint8Array): void {
		this.sent.push(bytes.slice());
	}
	close(): void {
		this.closed = true;
	}

	/** The message that was sent as the index-th, when it is there. */
	async message(index: number): Promise<CoapMessage> {
		for (let waited = 0; this.sent.length <= index; waited += 10) {
			if (waited > 10000) throw new Error(`only ${this.sent.length} messages`);
			await sleep(10);
		}
		const message = new CoapMessage();
		equal(message.decode(this.sent[index], 0, this.sent[index].length), true);
		return message;
	}

	/** Something comes from the server; block: of BLOCK2. */
	answer(type: number, code: number, id: number, token: CoapMessage | undefined, text = "", block = -1): void {
		const writer = new Writer();
		writer.reset(new Uint8Array(600), 0, 600);
		const message = new CoapWriter(writer);
		const bytes = token?.bytes ?? new Uint8Array(0);
		message.begin(type, code, id, bytes, token?.tokenAt ?? 0, token?.tokenEnd ?? 0);
		if (block >= 0) message.uint(BLOCK2, block);
		message.payload(bytesOf(text), 0, text.length);
		this.#incoming.push(writer.bytes.slice(0, writer.at).buffer as ArrayBuffer);
		this.options.onReadable?.call(this as never, 1);
	}
}

function connect(more: Partial<CoapClientOptions> = {}): { client: CoapClient; socket: FakeSocket } {
	const client = new CoapClient({ address: "127.0.0.1", port: 5684, socket: { io: FakeSocket as never }, ...more });
	return { client, socket: FakeSocket.last };
}

/** Asks; the answer as "2.05 text", or the error's text. */
function ask(client: CoapClient, path: string, more: object = {}): Promise<string> {
	return new Promise((resolve) =>
		client.request({
			path,
			...more,
			onDone: (error, code, payload) => resolve(error ? error.message : `${codeText(code)} ${textOf(payload.buffer)}`),
		}),
	);
}

export const coap: Scenarios = {
	"CoAP: requests one after the other, answers by their token": async () => {
		const { client, socket } = connect();
		const answers = [ask(client, "one/two?three"), ask(client, "four", { method: "PUT", payload: bytesOf("on") })];
		const first = await socket.message(0);
		equal(first.type, CON);
		equal(socket.sent.length, 1);
		socket.answer(ACK, CONTENT, first.id, undefined, "without our token");
		socket.answer(ACK, CONTENT, first.id, first, "1");
		equal(await answers[0], "2.05 1");
		const second = await socket.message(1);
		equal(second.code, 3);
		socket.answer(ACK, NOT_FOUND, second.id, second);
		equal(await answers[1], "4.04 ");
		client.close();
		equal(socket.closed, true);
	},
	"CoAP: an answer that comes later is acknowledged, a stranger's is refused": async () => {
		const { client, socket } = connect();
		const answer = ask(client, "slow");
		const request = await socket.message(0);
		socket.answer(ACK, EMPTY, request.id, undefined);
		await sleep(20);
		socket.answer(CON, CONTENT, 777, undefined, "not ours");
		const refusal = await socket.message(1);
		equal(`${refusal.type} ${refusal.code} ${refusal.id}`, `${RST} 0 777`);
		socket.answer(CON, CONTENT, 778, request, "late");
		equal(await answer, "2.05 late");
		const acknowledgement = await socket.message(2);
		equal(`${acknowledgement.type} ${acknowledgement.code} ${acknowledgement.id}`, `${ACK} 0 778`);
		client.close();
	},
	"CoAP: what isn't answered is sent again, unchanged": async () => {
		const { client, socket } = connect();
		const answer = ask(client, "lost");
		const first = await socket.message(0);
		const again = await socket.message(1);
		equal(again.bytes.join(), first.bytes.join());
		socket.answer(ACK, CONTENT, again.id, again, "found");
		equal(await answer, "2.05 found");
		client.close();
	},
	"CoAP: a server that doesn't know the request, and one that closes": async () => {
		const closed: unknown[] = [];
		const { client, socket } = connect({ onError: (error) => closed.push(error) });
		const answer = ask(client, "reset");
		const request = await socket.message(0);
		socket.answer(RST, EMPTY, request.id, undefined);
		equal(await answer, "the server doesn't know the request");
		const waiting = [ask(client, "a"), ask(client, "b")];
		await socket.message(1);
		socket.options.onError?.call(socket as never);
		equal((await Promise.all(waiting)).join(), "closed,closed");
		equal(closed.length, 1);
		equal(socket.closed, true);
	},
	"CoAP: blocks are put together, up to a length": async () => {
		const { client, socket } = connect({ maximumLength: 40 });
		const answer = ask(client, "large");
		const first = await socket.message(0);
		socket.answer(ACK, CONTENT, first.id, first, "0123456789abcdef", 8);
		const second = await socket.message(1);
		socket.answer(ACK, CONTENT, second.id, second, "of before", 8); // its number is that of the first block
		socket.answer(ACK, CONTENT, second.id, second, "the rest", 0x10);
		equal(await answer, "2.05 0123456789abcdefthe rest");
		const long = ask(client, "longer");
		const third = await socket.message(2);
		socket.answer(ACK, CONTENT, third.id, third, "0".repeat(41));
		equal(await long, "the answer is too long");
		client.close();
	},
	"CoAP: nothing is called back after close, and what can't be is said at once": async () => {
		const { client, socket } = connect();
		let called = 0;
		client.request({ path: "x", onDone: () => called++ });
		await socket.message(0);
		throws(() => client.request({ path: "x", method: "PATCH", onDone() {} }), "RangeError");
		throws(() => client.request({ path: "x", method: "PUT", payload: new Uint8Array(1000), onDone() {} }), "RangeError");
		throws(() => new CoapClient({ socket: { io: FakeSocket as never } }), "RangeError");
		client.close();
		client.close();
		await sleep(50);
		equal(called, 0);
	},
};
