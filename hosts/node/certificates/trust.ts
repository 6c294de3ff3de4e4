// `polltls trust HOST:PORT`: what a server sends, and which anchor a device needs for it. It asks with our own client, which
// keeps the chain and doesn't verify it, so that it also works for servers that the device can't verify yet; the verdict
// is that of our own verifier.
// `polltls cert bundle`: anchors in the compact format of pki/trust-bundle.

import { createHash } from "node:crypto";
import { writeFileSync } from "node:fs";
import { connect } from "node:net";
import { rootCertificates } from "node:tls";
import { NO_FAILURE } from "polltls/base/failure";
import { failureName } from "polltls/base/failure-text";
import { DONE, WORKING } from "polltls/base/status";
import type { Registry } from "polltls/crypto/registry";
import { Certificate } from "polltls/pki/certificate";
import { ChainVerifier } from "polltls/pki/chain";
import { ChainPolicy } from "polltls/pki/chain-policy";
import { nameText } from "polltls/pki/name-text";
import { PEM_CERTIFICATE } from "polltls/pki/pem";
import { type TrustAnchor, TrustStore } from "polltls/pki/trust";
import { encodeTrustBundle } from "polltls/pki/trust-bundle-writer";
import { openTlsClient } from "polltls/tls-client";
import { NodeClock } from "../clock.js";
import { UsageError } from "../command/options.js";
import { nodeEntropy } from "../entropy.js";
import { TlsStream } from "../tls-stream.js";
import { CertificateError, giveOut, integerOf, type Output, parse, valuesOf, valuesOfFile } from "./files.js";
import { certificateRegistry } from "./registry.js";
import { certificateLines } from "./show.js";
import { listOf } from "./verify.js";

const trustOptions = {
	ca: { type: "string", multiple: true },
	servername: { type: "string" },
	out: { type: "string" },
	bundle: { type: "string" },
} as const;

/** More than any chain that a handshake takes. */
const CHAIN_MOST = 65536;
const PATIENCE_MS = 10_000;

/** The certificates that a server sends, its own first; also those of one with which no handshake succeeds behind them. */
function certificatesOf(host: string, port: number, peerName: string): Promise<readonly Uint8Array[]> {
	const registry = certificateRegistry();
	const chainPolicy = new ChainPolicy();
	chainPolicy.trustAll = true;
	const options = { registry, clock: new NodeClock(undefined), entropy: nodeEntropy, handshakeTimeout: PATIENCE_MS, chainPolicy };
	const connection = openTlsClient({ ...options, peerName, keepPeerChain: CHAIN_MOST });
	const socket = connect({ host, port, noDelay: true });
	return new Promise((resolve, reject) => {
		const stream = new TlsStream(connection, socket);
		stream.once("secure", () => stream.end());
		stream.once("error", (error) => (connection.peerChain.length > 0 ? resolve(connection.peerChain) : reject(error)));
		stream.once("close", () => resolve(connection.peerChain));
		stream.resume();
	});
}

export async function runTrust(args: string[], output: Output): Promise<number> {
	const { values, positionals } = parse(args, trustOptions);
	const [, host, port] = /^\[?(.+?)\]?:(\d+)$/.exec(positionals[0] ?? "") ?? [];
	if (positionals.length !== 1 || host === undefined) throw new UsageError("trust: one HOST:PORT is needed");
	const name = values.servername ?? host;
	const chain = await certificatesOf(host, integerOf("PORT", port, 1, 65535), name);
	for (const [i, bytes] of chain.entries()) output.out(`${i}: ${certificateLines(bytes, host).join("\n")}\n`);
	const trust = new TrustStore();
	const roots =
		values.ca === undefined
			? rootCertificates.flatMap((pem) => valuesOf(pem, PEM_CERTIFICATE, "root"))
			: values.ca.flatMap((file) => valuesOfFile(file, PEM_CERTIFICATE));
	for (const root of roots) trust.addDer(root); // one that can't be read can't be needed
	const registry = certificateRegistry();
	const verifier = new ChainVerifier(registry);
	verifier.start(new ChainPolicy(), trust, listOf(chain), name, Math.floor(Date.now() / 1000));
	let status: number;
	do status = verifier.step(64);
	while (status === WORKING);
	if (status !== DONE) throw new CertificateError(status, `certificate ${verifier.certificateIndex}: none of ${trust.anchors.length} anchors helps`);
	const anchor = verifier.anchor;
	const der = anchor === undefined ? chain[0] : anchor.bytes.subarray(anchor.at, anchor.end);
	const certificate = decoded(der);
	const pin = createHash("sha256").update(der.subarray(certificate.publicKey.infoAt, certificate.publicKey.infoEnd)).digest("hex");
	output.out(`needed anchor: ${nameText(der, certificate.subject.at, certificate.subject.end)}\n  pin: ${pin}\n  ${sizes(registry, anchor, certificate)}\n`);
	if (values.out !== undefined) giveOut(output, values.out, "CERTIFICATE", der);
	if (values.bundle !== undefined) writeFileSync(values.bundle, encodeTrustBundle(registry, [certificate]));
	return 0;
}

function sizes(registry: Registry, anchor: TrustAnchor | undefined, certificate: Certificate): string {
	const bundle = encodeTrustBundle(registry, [certificate]);
	return anchor === undefined ? "the server's own certificate" : `${certificate.end - certificate.at} bytes as a certificate, ${bundle.length} as a bundle`;
}

function decoded(bytes: Uint8Array): Certificate {
	const certificate = new Certificate();
	const failure = certificate.decode(bytes, 0, bytes.length);
	if (failure !== NO_FAILURE) throw new CertificateError(failure, failureName(failure));
	return certificate;
}

/** A compact bundle of the anchors in PEM or DER files. */
export function runBundle(args: string[], output: Output): number {
	const { values, positionals } = parse(args, { out: { type: "string" } });
	if (positionals.length === 0 || values.out === undefined) throw new UsageError("cert bundle: a FILE of certificates and --out FILE are needed");
	const registry = certificateRegistry();
	const certificates = positionals.flatMap((file) => valuesOfFile(file, PEM_CERTIFICATE)).map(decoded);
	const bundle = encodeTrustBundle(registry, certificates);
	writeFileSync(values.out, bundle);
	output.out(`${certificates.length} anchors, ${bundle.length} bytes\n`);
	return 0;
}
