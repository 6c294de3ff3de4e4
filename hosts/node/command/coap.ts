// `polltls server --coap`: resources to try a client with, over DTLS.

import { JSON_FORMAT, TEXT_PLAIN } from "../../coap-message.js";
import { type CoapResource, CoapSession } from "../../coap-server.js";
import { versionName } from "../versions.js";
import type { Session } from "./session.js";

const TICK_MS = 1000;
const LARGE = 4096;

/** What the server has for one client. The light is everybody's. */
export class CoapService {
	#light = "off";

	/** Answers requests until the connection ends. */
	serve(session: Session): void {
		const coap = new CoapSession(this.resources(session));
		const tell = (): void => {
			for (let length = coap.notify(); length > 0; length = coap.notify()) session.write(coap.answer.slice(0, length));
		};
		const timer = setInterval(tell, TICK_MS);
		session.on("data", (datagram: Buffer) => {
			const length = coap.receive(datagram, 0, datagram.length);
			if (length > 0) session.write(coap.answer.slice(0, length));
			tell();
		});
		session.once("end", () => session.end());
		session.once("close", () => clearInterval(timer));
	}

	private resources(session: Session): CoapResource[] {
		return [
			{ path: "time", format: TEXT_PLAIN, attributes: 'rt="time"', observable: true, read: () => new Date().toISOString().slice(0, 19) },
			{
				path: "led",
				format: TEXT_PLAIN,
				observable: true,
				read: () => this.#light,
				write: (value) => {
					if (!/^(on|off)$/.test(value)) return false;
					this.#light = value;
					return true;
				},
			},
			{
				path: "state",
				format: JSON_FORMAT,
				read: () => {
					const { version, handshakeMs, retransmissions } = session.report();
					return JSON.stringify({ version: versionName(version), handshakeMs: Math.round(handshakeMs), retransmissions, led: this.#light });
				},
			},
			{ path: "large", format: TEXT_PLAIN, attributes: `sz=${LARGE}`, read: () => "0123456789abcde\n".repeat(LARGE / 16) },
		];
	}
}
