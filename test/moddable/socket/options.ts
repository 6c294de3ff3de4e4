// The option sets of the TLS socket: ECMA-419's (tls), the SDK's (secure) and the engine's.

import { NO_FAILURE } from "polltls/base/failure";
import { RAW_KEYS_ONLY, rawCredential } from "polltls/handshake/certificate-type";
import { setRealTimeClock } from "polltls/moddable/shared";
import { PrivateKeyDecoder } from "polltls/pki/keys";
import { TrustStore } from "polltls/pki/trust";
import { TLS_1_2 } from "polltls/wire/registry";
import { fileOf } from "test/sdk/support";
import { bytesOf, equal, Probe, type Scenarios, server, textOf, throws, trusted } from "./scenario.js";

/** Sends a question and reads the answer: JSON about the connection. */
async function ask(probe: Probe): Promise<{ version: string; alpn: string; client: string; psk: string; resumed: boolean }> {
	await probe.told("writable");
	probe.call((socket) => socket.write(bytesOf("#\n")));
	let text = "";
	while (!text.endsWith("\n")) {
		await probe.told("readable");
		text += textOf(probe.call((socket) => socket.read()));
	}
	probe.socket.close();
	return JSON.parse(text);
}

export const options: Scenarios = {
	"tls: versions": async () => {
		equal((await ask(new Probe(trusted()))).version, "TLSv1.3");
		equal((await ask(new Probe({ ...server(), tls: { ca: fileOf("CA"), maximumVersion: "TLSv1.2" } }))).version, "TLSv1.2");
		equal((await ask(new Probe({ ...server(), tls: { ca: fileOf("CA"), minimumVersion: "TLSv1.3" } }))).version, "TLSv1.3");
		equal((await ask(new Probe({ ...server(), tls: { ca: fileOf("CA"), maximumVersion: TLS_1_2 } }))).version, "TLSv1.2");
		throws(() => new Probe({ ...server(), tls: { minimumVersion: "SSLv3" } }), "RangeError");
	},
	"tls: application protocols as texts and byte buffers": async () => {
		for (const applicationLayerProtocol of ["two", ["one", "two"], bytesOf("two"), [bytesOf("zero").buffer, "two"]] as (string | string[])[])
			equal((await ask(new Probe({ ...server(), tls: { ca: fileOf("CA"), applicationLayerProtocol } }))).alpn, "two");
	},
	"tls: anchors in DER and PEM, one and many, as arrays, buffers and texts": async () => {
		const pem = fileOf("CA");
		const der = fileOf("CA_DER");
		for (const ca of [pem, der, der.buffer, [fileOf("OTHER_CA"), der], textOf(pem.buffer), [textOf(pem.buffer)]] as Uint8Array[])
			equal((await ask(new Probe({ ...server(), tls: { ca } }))).version, "TLSv1.3");
		const other = new Probe({ ...server(), tls: { ca: fileOf("OTHER_CA") } });
		await other.told("failed");
		equal(other.error?.alert, 48, "unknown_ca");
		throws(() => new Probe({ ...server(), tls: { ca: bytesOf("no certificate") } }), "RangeError");
	},
	"tls: the server's name": async () => {
		equal((await ask(new Probe({ ...server(), host: "elsewhere.example", tls: { ca: fileOf("CA"), host: "localhost" } }))).version, "TLSv1.3");
		equal((await ask(new Probe({ ...server(), host: "127.0.0.1", tls: { ca: fileOf("CA") } }))).version, "TLSv1.3");
		const other = new Probe({ ...server(), tls: { ca: fileOf("CA"), host: "elsewhere.example" } });
		await other.told("failed");
		equal(other.error?.alert, 42, "bad_certificate");
	},
	"tls: a client's certificate, DER and PEM": async () => {
		const key = fileOf("CLIENT_KEY");
		const certificate = fileOf("CLIENT_CERTIFICATE");
		for (const [clientCertificate, clientKey] of [
			[certificate, key],
			[[certificate], key],
			[textOf(certificate.buffer), textOf(key.buffer)],
		] as [Uint8Array, Uint8Array][])
			equal((await ask(new Probe({ ...server(), tls: { ca: fileOf("CA"), clientCertificate, clientKey } }))).client, "device-7");
		equal((await ask(new Probe(trusted()))).client, "");
	},
	"tls: raw public keys in place of certificates": async () => {
		const decoder = new PrivateKeyDecoder();
		equal(decoder.decodePem(fileOf("RAW_KEY")), NO_FAILURE);
		const raw = { credentials: [rawCredential(fileOf("RAW_PUBLIC"), decoder.key)], peerCertificateTypes: RAW_KEYS_ONLY };
		const trust = new TrustStore();
		equal(trust.addRawKey(fileOf("RAW_SERVER")), NO_FAILURE);
		for (const maximumVersion of ["TLSv1.3", "TLSv1.2"]) {
			const probe = new Probe({ ...server("RAW_PORT"), tls: { ...raw, trust, maximumVersion } });
			await probe.told("writable");
			probe.call((socket) => socket.write(bytesOf("raw\n")));
			await probe.told("readable");
			equal(
				probe.call((socket) => textOf(socket.read())),
				"raw\n",
			);
			probe.socket.close();
		}
		const other = new TrustStore();
		equal(other.addRawKey(fileOf("RAW_PUBLIC")), NO_FAILURE);
		const stranger = new Probe({ ...server("RAW_PORT"), tls: { ...raw, trust: other } });
		await stranger.told("failed");
		equal(stranger.error?.alert, 46, "certificate_unknown");
	},
	"tls: short records": async () => {
		equal((await ask(new Probe({ ...server(), tls: { ca: fileOf("CA"), maximumFragmentLength: 512 } }))).version, "TLSv1.3");
	},
	"secure: the SDK's options": async () => {
		const certificate = fileOf("CA_DER");
		equal((await ask(new Probe({ ...server(), secure: { certificate } }))).version, "TLSv1.3");
		equal(
			(await ask(new Probe({ ...server(), host: "x.example", secure: { certificate, serverName: "localhost", protocolVersion: 0x303, trace: false } })))
				.version,
			"TLSv1.3",
		);
		equal((await ask(new Probe({ ...server(), secure: { certificate, applicationLayerProtocolNegotiation: ["two"] } }))).alpn, "two");
		const clientCertificates = [fileOf("CLIENT_CERTIFICATE")];
		equal((await ask(new Probe({ ...server(), secure: { certificate, clientCertificates, clientKey: fileOf("CLIENT_KEY") } }))).client, "device-7");
		equal((await ask(new Probe({ ...server(), host: "x.example", secure: { verify: false } }))).version, "TLSv1.3");
		const untrusted = new Probe({ ...server(), secure: {} });
		await untrusted.told("failed");
	},
	"resumption: by itself, and not where it isn't wanted": async () => {
		const options = { ...server(), tls: { ca: fileOf("CA"), host: "localhost" } };
		equal((await ask(new Probe({ ...options, tls: { ...options.tls, resume: false } }))).resumed, false, "resume: false");
		equal((await ask(new Probe({ ...options, secure: { cache: false } }))).resumed, false, "cache: false");
		for (const maximumVersion of ["TLSv1.3", "TLSv1.2"]) {
			const other = { ...options, tls: { ...options.tls, maximumVersion } };
			await ask(new Probe(other)); // whatever was kept before is used or passed over
			await ask(new Probe(other));
			equal((await ask(new Probe(other))).resumed, true, maximumVersion);
		}
	},
	"a real-time clock: not set, wrong, right, and the system's again": async () => {
		const options = { ...trusted(), tls: { ca: fileOf("CA"), resume: false } };
		try {
			for (const [time, alert] of [
				[undefined, 46],
				[Date.UTC(1970, 0, 2), 46],
				[Date.UTC(2060, 0, 1), 45],
			]) {
				setRealTimeClock({ time });
				const probe = new Probe(options);
				await probe.told("failed");
				equal(probe.error?.alert, alert, String(time));
				probe.socket.close();
			}
			setRealTimeClock({ time: Date.now() });
			equal((await ask(new Probe(options))).version, "TLSv1.3");
		} finally {
			setRealTimeClock(undefined);
		}
		equal((await ask(new Probe(options))).version, "TLSv1.3");
	},
	"pre-shared keys": async () => {
		const psks = [{ identity: bytesOf("sensor-1"), key: new Uint8Array(16).fill(7) }];
		for (const maximumVersion of ["TLSv1.3", "TLSv1.2"]) {
			const probe = new Probe({ ...server("PSK_PORT"), tls: { ca: [], psks, maximumVersion, resume: false } });
			await probe.told("writable");
			equal(probe.socket.connection?.negotiated.pskIdentity !== undefined, true, maximumVersion);
			probe.socket.close();
		}
	},
	"what can't be is said at once": async () => {
		throws(() => new Probe({ ...server(), host: "not a name" }), "RangeError");
		throws(() => new Probe({ ...server(), tls: { clientKey: bytesOf("no key") } }), "RangeError");
		throws(() => new Probe({ ...server(), tls: { suites: [0x1399] } }), "RangeError");
		throws(() => new Probe({ ...server(), address: "no address", tls: { ca: fileOf("CA") } }), "Error");
	},
};
