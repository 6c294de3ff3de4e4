// An image whose private key only the PSA library has, stored there by the id in ID. JOB says what it does: make (the key, and a
// request for its certificate), serve (an echo for TLS clients), connect, or errors.

import { WORKING } from "polltls/base/status";
import { KEY_P256, KEY_P384, KEY_RSA, type KeyType } from "polltls/crypto/types";
import type { Credential } from "polltls/handshake/settings";
import { nativeEntropy } from "polltls/moddable/entropy";
import { PsaPrivateKey } from "polltls/moddable/psa/private-key-psa";
import { deviceRegistry } from "polltls/moddable/registry";
import { TlsListener } from "polltls/moddable/tls-listener";
import { TlsSocket } from "polltls/moddable/tls-socket";
import { CertificateFields, commonName } from "polltls/pki/certificate-fields";
import { CertificateIssuer } from "polltls/pki/issue";
import { PEM_CERTIFICATE, PemReader } from "polltls/pki/pem";
import { end, fileOf, parameter, print } from "test/sdk/support";
import { KeysNative } from "test/suites/psa/keys-native";
import Timer from "timer";

const types: Record<string, KeyType> = { P256: KEY_P256, P384: KEY_P384, RSA: KEY_RSA };

function id(): number {
	return Number(parameter("ID"));
}

/** The stored key and the certificate that came for it. */
function credential(): Credential {
	const pem = new PemReader(fileOf("CERTIFICATE"));
	if (!pem.find(PEM_CERTIFICATE)) throw new Error("no certificate");
	return { chain: [pem.der], key: PsaPrivateKey.open(id()) };
}

function places(): string {
	return `places ${KeysNative.count()} ${KeysNative.loaded()}`;
}

function finish(issuer: CertificateIssuer): string {
	let status: number;
	do status = issuer.step(100);
	while (status === WORKING);
	if (issuer.length === 0) throw new Error(`failure ${status >> 16}`);
	let hex = "";
	for (let i = 0; i < issuer.length; i++) hex += issuer.der[i].toString(16).padStart(2, "0");
	return hex;
}

function make(): void {
	const key = PsaPrivateKey.generate(types[parameter("TYPE")], id());
	const fields = new CertificateFields();
	fields.subject = commonName("device-7");
	fields.names = ["device-7.local"];
	fields.notBefore = 1704067200;
	fields.notAfter = 2493072000;
	const issuer = new CertificateIssuer(deviceRegistry());
	issuer.startRequest(fields, key, key.publicKey, nativeEntropy);
	print(`request ${finish(issuer)}`);
	issuer.startSelfSigned(fields, key, key.publicKey, nativeEntropy);
	print(`certificate ${finish(issuer)}`);
	end(0);
}

/** Echoes; a connection is closed after PATIENCE milliseconds. The SDK's TCP for Linux doesn't tell of each end. Prints how many are open and what they take, when that has changed. */
function serve(): void {
	let open = 0;
	let told = "";
	const tell = (): void => {
		const now = `open ${open} ${places()}`;
		if (now !== told) print(now);
		told = now;
	};
	const listener = new TlsListener({
		port: 0,
		tls: { credentials: [credential()] },
		onReadable(count) {
			while (count-- > 0) {
				open++;
				let over = false;
				const close = (): void => {
					if (!over) open--;
					over = true;
					socket.close();
					tell();
				};
				const socket = new TlsSocket({
					from: this.read(),
					onReadable(this: TlsSocket) {
						this.write(this.read() as ArrayBuffer);
					},
					onError: (error?: { failure: number }) => {
						if (error === undefined) print("closed by its client");
						close();
					},
				} as ConstructorParameters<typeof TlsSocket>[0]);
				Timer.set(close, Number(parameter("PATIENCE")));
			}
		},
	});
	print(`port ${listener.port}`);
	Timer.repeat(tell, 20);
}

function connect(): void {
	let sent = false;
	new TlsSocket({
		address: "127.0.0.1",
		port: Number(parameter("PORT")),
		host: "localhost",
		tls: { ca: fileOf("CA"), credentials: [credential()] },
		onWritable(this: TlsSocket) {
			if (sent) return;
			sent = true;
			this.write(new Uint8Array(ArrayBuffer.fromString("GET / HTTP/1.0\r\n\r\n")).buffer as ArrayBuffer);
		},
		onReadable(this: TlsSocket) {
			print(String.fromArrayBuffer(this.read() as ArrayBuffer));
		},
		onError(error?: { failure: number }) {
			print(error === undefined ? "ended" : `failed ${error.failure >> 16}`);
			end(error === undefined ? 0 : 3);
		},
	} as ConstructorParameters<typeof TlsSocket>[0]);
}

function errors(): void {
	const tell = (call: () => unknown): void => {
		try {
			print(`${call()}`);
		} catch (error) {
			print(`${error}`);
		}
	};
	tell(() => PsaPrivateKey.has(id()));
	tell(() => PsaPrivateKey.open(id()));
	const key = PsaPrivateKey.generate(KEY_P256, id());
	tell(() => PsaPrivateKey.generate(KEY_P256, id()));
	tell(() => PsaPrivateKey.has(id()));
	key.destroy();
	tell(() => PsaPrivateKey.has(id()));
	tell(places);
	end(0);
}

const jobs: Record<string, () => void> = { make, serve, connect, errors };

export default function () {
	try {
		jobs[parameter("JOB")]();
	} catch (error) {
		print(`failed: ${error}`);
		end(1);
	}
}
