// Reads one HTTP/1.1 response with a Content-Length: what start.ts needs of a client.

export class HttpReader {
	status = 0;
	reason = "";
	body = "";
	/** Bytes of the body. */
	length = 0;
	#bytes = Buffer.alloc(0);

	/** Takes bytes; answers whether the response is complete. */
	take(bytes: Buffer): boolean {
		this.#bytes = Buffer.concat([this.#bytes, bytes]);
		const end = this.#bytes.indexOf("\r\n\r\n");
		if (end < 0) return false;
		const head = this.#bytes.toString("latin1", 0, end);
		const status = /^HTTP\/1\.1 (\d{3}) (.*)/.exec(head);
		const length = /^content-length: *(\d+)/im.exec(head);
		if (!status || !length) throw new Error(`this is no answer: ${head.slice(0, 60)}`);
		this.status = Number(status[1]);
		this.reason = status[2];
		this.length = Number(length[1]);
		const body = this.#bytes.subarray(end + 4);
		if (body.length < this.length) return false;
		this.body = body.toString("utf8", 0, this.length);
		return true;
	}
}
