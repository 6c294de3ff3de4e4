// An FTP server with one file and security on demand (RFC 4217): a client says AUTH TLS on its connection, and from then on
// that same connection is secured, by decorate. The file goes over a second connection, secured if the client says PROT P.
//
//     curl --ssl-reqd --cacert ca.pem ftp://localhost:2121/readings.csv

import type { Stack } from "polltls/io/module";
import type { Security } from "polltls/io/security";
import { TlsSocket } from "polltls/io/tls-socket";
import type { Program, StreamListener, StreamNetwork, StreamTransport } from "polltls/os/os";
import { bytesOf, textOf } from "./text.js";

export interface FtpOptions {
	readonly port: number;
	/** Where clients fetch the file from. */
	readonly dataPort: number;
	readonly name: string;
	readonly content: string;
}

/** Serves one client at a time. */
export class FtpServer implements Program {
	readonly #stack: Stack;
	readonly #security: Security;
	readonly #options: FtpOptions;
	readonly #listener: StreamListener;
	readonly #dataListener: StreamListener;
	/** The control connection as TCP, and what commands are read from: that, or a TlsSocket on it. */
	#plain: StreamTransport | undefined;
	#control: StreamTransport | undefined;
	#line = "";
	#reply: Uint8Array = new Uint8Array(0);
	#authenticating = false;
	#protects = false;
	/** The file on its way: what is left of it, and the connection once it is there. */
	#file: Uint8Array | undefined;
	#data: StreamTransport | undefined;
	readonly #buffer = new Uint8Array(512);

	constructor(stack: Stack, network: StreamNetwork, security: Security, options: FtpOptions) {
		this.#stack = stack;
		this.#security = security;
		this.#options = options;
		this.#listener = network.listen(options.port, 1);
		this.#dataListener = network.listen(options.dataPort, 1);
	}

	poll(): number {
		if (this.#control === undefined) this.welcome();
		else if (!this.serve(this.#control)) this.end(this.#control);
		this.#stack.poll();
		return 0;
	}

	private welcome(): void {
		this.#plain = this.#control = this.#listener.accept();
		if (this.#plain !== undefined) this.say("220 ready");
	}

	/** One step; false: the client has gone. */
	private serve(control: StreamTransport): boolean {
		if (this.#reply.length > 0) {
			const count = control.write(this.#reply, 0, this.#reply.length);
			if (count > 0) this.#reply = this.#reply.slice(count);
			return count >= 0;
		}
		if (this.#authenticating) return this.secure();
		if (this.#file !== undefined) return this.sendFile(this.#file);
		const count = control.read(this.#buffer, 0, this.#buffer.length);
		if (count > 0) this.#line += textOf(this.#buffer, count);
		const end = this.#line.indexOf("\r\n");
		if (end >= 0) {
			const line = this.#line.slice(0, end);
			this.#line = this.#line.slice(end + 2);
			this.answer(line);
		}
		return count >= 0 && this.#line.length < 512;
	}

	/** The reply to AUTH has gone in the clear; what comes next is TLS. What came before must not count as if it had been secured. */
	private secure(): boolean {
		this.#authenticating = false;
		if (this.#plain === undefined || this.#line !== "") return false;
		const socket = TlsSocket.decorate(this.#stack, this.#plain, this.#security);
		socket.keepTransportOpen = false; // nothing follows on the connection after TLS
		socket.serverHandshake(false); // begins; reading goes on with it
		this.#control = socket;
		return true;
	}

	private answer(line: string): void {
		const [verb, argument = ""] = line.split(" ");
		const { dataPort, name, content } = this.#options;
		const isSecure = this.#control !== this.#plain;
		if (verb === "AUTH" && argument === "TLS" && !isSecure) {
			this.#authenticating = true;
			this.say("234 go ahead");
		} else if (verb === "AUTH") this.say("504 TLS only");
		else if (verb === "QUIT") this.say("221 bye");
		else if (!isSecure) this.say("530 AUTH TLS first");
		else if (verb === "USER") this.say("230 welcome");
		else if (verb === "PROT") {
			this.#protects = argument === "P";
			this.say("200 ok");
		} else if (verb === "PBSZ" || verb === "TYPE") this.say("200 ok");
		else if (verb === "PWD") this.say('257 "/"');
		else if (verb === "EPSV") this.say(`229 listening (|||${dataPort}|)`);
		else if (argument !== name || (verb !== "RETR" && verb !== "SIZE")) this.say("550 there is no such thing");
		else if (verb === "SIZE") this.say(`213 ${content.length}`);
		else {
			this.#file = bytesOf(content);
			this.say("150 here it comes");
		}
	}

	private sendFile(file: Uint8Array): boolean {
		this.#data ??= this.acceptData();
		if (this.#data === undefined) return true;
		const count = file.length > 0 ? this.#data.write(file, 0, file.length) : 0;
		if (count < 0) return false;
		this.#file = file.slice(count);
		if (this.#file.length > 0) return true;
		this.#data.close();
		this.#data = this.#file = undefined;
		this.say("226 that was all");
		return true;
	}

	private acceptData(): StreamTransport | undefined {
		const transport = this.#dataListener.accept();
		if (transport === undefined || !this.#protects) return transport;
		const socket = new TlsSocket(this.#stack, transport, this.#security);
		socket.serverHandshake(false);
		return socket;
	}

	private say(reply: string): void {
		this.#reply = bytesOf(`${reply}\r\n`);
	}

	private end(control: StreamTransport): void {
		control.close();
		this.#data?.close();
		this.#plain = this.#control = this.#data = this.#file = undefined;
		this.#line = "";
		this.#reply = new Uint8Array(0);
		this.#authenticating = this.#protects = false;
	}
}
