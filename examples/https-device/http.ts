// The HTTP/1.1 (RFC 9112) that a device's own page needs: small requests in, short answers out, kept-alive
// connections. For main.ts. Memory is fixed: one line of a request's head, one small body, one piece of an answer.

/** A line of the head that is longer is cut (no header of interest is), a longer request line refused. */
const LINE_SIZE = 256;
/** Bytes of a request's head in all, as browsers send up to 2 KB. */
const HEAD_LIMIT = 8192;
const BODY_SIZE = 64;
const PIECE_SIZE = 256;

const READING_LINE = 0;
const READING_BODY = 1;
/** A request stands ready, or is being answered: nothing more is read. */
const REQUESTED = 2;
const ANSWERING = 3;

const CR = 13;
const LF = 10;

/** What an answer is made of: ASCII only, in pieces that are short enough to be turned into bytes one by one. */
export type Body = readonly string[];

const REASONS: Readonly<Record<number, string>> = Object.freeze({
	200: "OK",
	400: "Bad Request",
	404: "Not Found",
	405: "Method Not Allowed",
	408: "Request Timeout",
	413: "Content Too Large",
	414: "URI Too Long",
	431: "Request Header Fields Too Large",
	501: "Unknown Transfer Coding",
	505: "HTTP Version Not Supported",
});

/**
 * One connection's requests and answers, one after the other.
 *
 *     at += exchange.take(bytes, at, end);              // until a request stands ready
 *     if (exchange.requested) exchange.answer(200, "text/plain", ["hello\n"]);
 *     const count = exchange.give(out, 0, out.length);  // until done
 */
export class HttpExchange {
	method = "";
	target = "";
	/** Whether the connection is to be closed after the answer. */
	closes = false;
	/** The last answer has been given, and nothing may follow it. */
	closed = false;
	#state = READING_LINE;
	readonly #line = new Uint8Array(LINE_SIZE);
	#lineLength = 0;
	#headLength = 0;
	#hosts = 0;
	/** Content-Length; -1 if there was none. */
	#bodyLength = -1;
	readonly #body = new Uint8Array(BODY_SIZE);
	#bodyEnd = 0;
	/** What is wrong with the request: the status to refuse it with. */
	#refusal = 0;
	#pieces: Body = [];
	#pieceIndex = 0;
	readonly #place: { at: number; end: number; bytes: Uint8Array } = { at: 0, end: 0, bytes: new Uint8Array(PIECE_SIZE) };

	/** A request waits for its answer; check refusal first. */
	get requested(): boolean {
		return this.#state === REQUESTED;
	}
	/** Not 0: answer with this status, the request makes no sense. */
	get refusal(): number {
		return this.#refusal;
	}
	/** Nothing of a next request has arrived, and no answer is on its way. */
	get idle(): boolean {
		return this.#state === READING_LINE && this.#headLength === 0;
	}
	get answering(): boolean {
		return this.#state === ANSWERING;
	}
	/** The request's body as text. */
	get body(): string {
		let text = "";
		for (let i = 0; i < this.#bodyEnd; i++) text += String.fromCharCode(this.#body[i]);
		return text;
	}

	/** Takes bytes of the peer up to the end of a request; answers their count. */
	take(bytes: Uint8Array, at: number, end: number): number {
		const from = at;
		while (at < end && this.#state < REQUESTED) {
			const byte = bytes[at++];
			if (this.#state === READING_BODY) {
				this.#body[this.#bodyEnd++] = byte;
				if (this.#bodyEnd === this.#bodyLength) this.#state = REQUESTED;
			} else if (++this.#headLength > HEAD_LIMIT) this.refuse(431);
			else if (byte === LF) this.endLine();
			else if (this.#lineLength < LINE_SIZE) this.#line[this.#lineLength++] = byte;
		}
		return at - from;
	}

	/** Answers the request. For HEAD the body is left out by itself. */
	answer(status: number, type: string, body: Body, header = ""): void {
		let length = 0;
		for (const piece of body) length += piece.length;
		if (this.#refusal !== 0) this.closes = true; // where a next request begins isn't sure
		const head = [`HTTP/1.1 ${status} ${REASONS[status]}\r\n`, `Content-Length: ${length}\r\nConnection: ${this.closes ? "close" : "keep-alive"}\r\n`];
		if (length > 0) head.push(`Content-Type: ${type}\r\nCache-Control: no-store\r\n`);
		head.push(`${header}\r\n`);
		this.#pieces = this.method === "HEAD" ? head : head.concat(body);
		this.#pieceIndex = 0;
		this.#state = ANSWERING;
	}

	/** Writes what is left of the answer to [at, end) of out; answers the count. After the last byte the next request is read. */
	give(out: Uint8Array, at: number, end: number): number {
		const from = at;
		const place = this.#place;
		while (at < end && this.#state === ANSWERING) {
			if (place.at < place.end) {
				out[at++] = place.bytes[place.at++];
				continue;
			}
			if (this.#pieceIndex === this.#pieces.length) this.beginRequest();
			else this.fill(this.#pieces[this.#pieceIndex++]);
		}
		return at - from;
	}

	private fill(piece: string): void {
		const place = this.#place;
		if (piece.length > place.bytes.length) place.bytes = new Uint8Array(piece.length);
		for (let i = 0; i < piece.length; i++) place.bytes[i] = piece.charCodeAt(i);
		place.at = 0;
		place.end = piece.length;
	}

	private beginRequest(): void {
		this.closed = this.closes;
		this.method = this.target = "";
		this.#lineLength = this.#headLength = this.#bodyEnd = this.#hosts = this.#refusal = 0;
		this.#bodyLength = -1;
		this.#pieces = [];
		this.#state = READING_LINE;
	}

	private refuse(status: number): void {
		if (this.#refusal === 0) this.#refusal = status;
		this.#state = REQUESTED;
	}

	private endLine(): void {
		const line = this.#line;
		let length = this.#lineLength;
		this.#lineLength = 0;
		if (length > 0 && line[length - 1] === CR) length--;
		if (this.method === "") {
			if (length === LINE_SIZE) this.refuse(414);
			else if (length === 0)
				this.#headLength = 0; // RFC 9112 2.2: an empty line before a request is ignored
			else this.readRequestLine(text(line, length));
		} else if (length === 0) this.endHead();
		else this.readHeader(text(line, length));
	}

	private readRequestLine(line: string): void {
		const words = line.split(" ");
		if (words.length !== 3 || !/^[A-Z]+$/.test(words[0]) || !words[1].startsWith("/")) return this.refuse(400);
		this.method = words[0];
		this.target = words[1];
		if (words[2] !== "HTTP/1.1" && words[2] !== "HTTP/1.0") return this.refuse(505);
		this.closes = words[2] === "HTTP/1.0";
		if (this.closes) this.#hosts = 1; // not asked for then
	}

	private readHeader(line: string): void {
		const colon = line.indexOf(":");
		if (colon <= 0 || /[ \t]$/.test(line.slice(0, colon))) return this.refuse(400); // RFC 9112 5.1
		const value = line.slice(colon + 1).trim();
		switch (line.slice(0, colon).toLowerCase()) {
			case "host":
				if (++this.#hosts > 1) this.refuse(400); // RFC 9112 3.2
				break;
			case "connection":
				if (/(^|,)\s*close\s*(,|$)/i.test(value)) this.closes = true;
				break;
			case "content-length":
				if (!/^\d{1,9}$/.test(value) || (this.#bodyLength >= 0 && this.#bodyLength !== Number(value)))
					this.refuse(400); // RFC 9112 6.3
				else this.#bodyLength = Number(value);
				break;
			case "transfer-encoding":
				this.refuse(501);
				break;
		}
	}

	private endHead(): void {
		if (this.#hosts === 0) return this.refuse(400);
		if (this.#bodyLength > BODY_SIZE) return this.refuse(413);
		this.#state = this.#bodyLength > 0 ? READING_BODY : REQUESTED;
	}
}

function text(bytes: Uint8Array, length: number): string {
	let text = "";
	for (let i = 0; i < length; i++) text += String.fromCharCode(bytes[i]);
	return text;
}
