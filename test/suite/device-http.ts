// Portable cases for the device example's HTTP parser and page.

import { HttpExchange } from "../../examples/https-device/http.js";
import { page } from "../../examples/https-device/page.js";

function equal(actual: unknown, expected: unknown): void {
	if (actual !== expected) throw new Error(`expected ${String(expected)}, got ${String(actual)}`);
}
function bytes(text: string): Uint8Array {
	return Uint8Array.from(text, (letter) => letter.charCodeAt(0));
}

/** Feeds text in pieces of step bytes; answers how much was taken. */
function feed(exchange: HttpExchange, text: string, step = 1): number {
	const all = bytes(text);
	let at = 0;
	while (at < all.length) {
		const taken = exchange.take(all, at, Math.min(all.length, at + step));
		if (taken === 0) break;
		at += taken;
	}
	return at;
}

function drain(exchange: HttpExchange, step = 7): string {
	const out = new Uint8Array(step + 2);
	let text = "";
	for (;;) {
		const count = exchange.give(out, 1, step + 1);
		for (let i = 0; i < count; i++) text += String.fromCharCode(out[1 + i]);
		if (count === 0) return text;
	}
}

function refusal(request: string): number {
	const exchange = new HttpExchange();
	feed(exchange, request, 100);
	equal(exchange.requested, true);
	return exchange.refusal;
}

const GET = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";

export const cases: Record<string, () => void> = {
	"a request in any pieces, its answer, and the next on the same connection"() {
		for (const step of [1, 3, 1000]) {
			const exchange = new HttpExchange();
			equal(exchange.idle, true);
			const first = `PUT /led HTTP/1.1\r\nhost: a\r\nContent-Length: 2\r\nX-Long: ${"x".repeat(600)}\r\n\r\non`;
			equal(feed(exchange, first + GET, step), first.length);
			equal(exchange.requested, true);
			equal(exchange.refusal, 0);
			equal(exchange.method, "PUT");
			equal(exchange.target, "/led");
			equal(exchange.body, "on");
			equal(exchange.closes, false);
			exchange.answer(200, "text/plain", ["one ", "two"], "X-A: b\r\n");
			equal(feed(exchange, GET), 0);
			equal(
				drain(exchange),
				"HTTP/1.1 200 OK\r\nContent-Length: 7\r\nConnection: keep-alive\r\nContent-Type: text/plain\r\nCache-Control: no-store\r\nX-A: b\r\n\r\none two",
			);
			equal(exchange.idle, true);
			equal(feed(exchange, GET, step), GET.length);
			equal(exchange.method, "GET");
			equal(exchange.body, "");
		}
	},
	"HEAD gets the head alone"() {
		const exchange = new HttpExchange();
		feed(exchange, GET.replace("GET", "HEAD"));
		exchange.answer(200, "text/plain", ["body"]);
		const answer = drain(exchange);
		equal(answer.includes("Content-Length: 4\r\n"), true);
		equal(answer.endsWith("\r\n\r\n"), true);
	},
	"connections close when either side wants it"() {
		for (const [request, closes] of [
			["GET / HTTP/1.1\r\nHost: a\r\nConnection: upgrade, Close\r\n\r\n", true],
			["GET / HTTP/1.0\r\n\r\n", true],
			["\r\n\r\nGET / HTTP/1.1\nHost: a\n\n", false],
		] as const) {
			const exchange = new HttpExchange();
			feed(exchange, request);
			equal(exchange.refusal, 0);
			equal(exchange.closes, closes);
		}
		const exchange = new HttpExchange();
		feed(exchange, "nonsense\r\n");
		exchange.answer(exchange.refusal, "text/plain", ["?"]);
		equal(drain(exchange).includes("Connection: close"), true);
	},
	"what makes no sense is refused by its own status"() {
		equal(refusal("GET /\r\n"), 400);
		equal(refusal("get / HTTP/1.1\r\n"), 400);
		equal(refusal("GET http://a/ HTTP/1.1\r\n"), 400);
		equal(refusal("GET / HTTP/2.0\r\n"), 505);
		equal(refusal(`GET /${"a".repeat(300)} HTTP/1.1\r\n`), 414);
		equal(refusal("GET / HTTP/1.1\r\n\r\n"), 400); // no Host
		equal(refusal("GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n"), 400);
		equal(refusal("GET / HTTP/1.1\r\nHost : a\r\n"), 400);
		equal(refusal("GET / HTTP/1.1\r\n folded\r\n"), 400);
		equal(refusal("PUT / HTTP/1.1\r\nHost: a\r\nContent-Length: 1x\r\n"), 400);
		equal(refusal("PUT / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nContent-Length: 2\r\n"), 400);
		equal(refusal("PUT / HTTP/1.1\r\nHost: a\r\nContent-Length: 65\r\n\r\n"), 413);
		equal(refusal("PUT / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n"), 501);
		equal(refusal(`GET / HTTP/1.1\r\nHost: a\r\n${"X: y\r\n".repeat(2000)}`), 431);
	},
	"the page is ASCII in short pieces"() {
		const body = page('{"led":true}');
		equal(body.join("").includes('show({"led":true})</script>'), true);
		for (const piece of body) {
			equal(piece.length <= 256, true);
			for (let i = 0; i < piece.length; i++) equal(piece.charCodeAt(i) < 128, true);
		}
	},
};
