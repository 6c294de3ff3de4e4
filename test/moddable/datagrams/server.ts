// A DTLS listener that sends every datagram back; "#" asks how many clients there are, "bye!" comes back and ends it.

import { DtlsListener } from "polltls/moddable/dtls-listener";
import { DtlsSocket } from "polltls/moddable/dtls-socket";
import { fileOf, parameter, print } from "test/sdk/support";
import { bytesOf } from "test/socket/scenario";
import { psks } from "./probe.js";

export function server(): Promise<number> {
	let last = 0;
	return new Promise(() => {
		const listener = new DtlsListener({
			port: Number(parameter("PORT")),
			maxConnections: Number(parameter("LIMIT") || "4"),
			dtls: { certificate: fileOf("CERTIFICATE"), key: fileOf("KEY"), psks: psks(), connectionIdLength: 6, retransmitInitial: 300 },
			onReadable(count) {
				while (count-- > 0) {
					const number = ++last;
					print(`client ${number} comes`);
					new DtlsSocket({
						from: this.read(),
						onReadable() {
							const datagram = this.read() as ArrayBuffer;
							const text = String.fromArrayBuffer(datagram);
							if (text === "stop!") return stop(this);
							this.write(text === "#" ? bytesOf(`${listener.connections} connections, ${listener.refused} refused, from ${this.remotePort}`) : datagram);
							if (text === "bye!") this.close();
						},
						onError(error) {
							print(`client ${number}: ${error ?? "has closed"}`);
							this.close();
						},
					});
				}
			},
		});
		/** Nobody is let in any more; those who are in go on. */
		function stop(socket: DtlsSocket): void {
			listener.close();
			socket.write(bytesOf("stopped"));
		}
		print("listening");
	});
}
