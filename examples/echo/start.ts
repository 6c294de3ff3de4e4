// Starts one of the echo programs as a plan says: interface, style, side. For whatever runs them: the plan is a plain value.

import { NO_FAILURE } from "polltls/base/failure";
import type { Registry } from "polltls/crypto/registry";
import type { Stack } from "polltls/io/module";
import { ConnectionInfo } from "polltls/io/native-connection";
import { NativeTcp } from "polltls/io/native-tcp";
import { NativeUdp } from "polltls/io/native-udp";
import type { Security } from "polltls/io/security";
import type { Program } from "polltls/os/os";
import * as dtlsEvents from "./dtls-socket-events.js";
import * as dtlsPolled from "./dtls-socket-polled.js";
import * as nativeEvents from "./native-events.js";
import * as nativePolled from "./native-polled.js";
import { type EchoDevice, startStack } from "./stack.js";
import { check } from "./text.js";
import * as tlsEvents from "./tls-socket-events.js";
import * as tlsPolled from "./tls-socket-polled.js";

export interface EchoPlan {
	readonly kind: "native-tcp" | "native-udp" | "tls-socket" | "dtls-socket";
	readonly style: "events" | "polled";
	/** PEM. A server's. */
	readonly certificate?: string;
	readonly key?: string;
	/** PEM. Whom a client trusts. */
	readonly ca?: string;
	/** A server's port, or where a client connects to. */
	readonly port: number;
	readonly host?: string;
	/** Client: the name in the server's certificate, and what it sends. */
	readonly peerName?: string;
	readonly text?: string;
	readonly connections?: number;
}

/** What a client tells in the end. */
export interface EchoProgram extends Program {
	readonly echo?: string;
	readonly done?: boolean;
	readonly failure?: number;
}

function securityOf(stack: Stack, { certificate, key, ca }: EchoPlan): Security {
	const security = stack.createSecurity();
	if (security === undefined) throw new Error("the stack isn't there");
	if (ca !== undefined) check("setRootCaCert", security.setRootCaCert(ca), security);
	if (certificate !== undefined && key !== undefined) check("setClientCertKey", security.setClientCertKey(certificate, key), security);
	return security;
}

/** The server that a plan with a certificate asks for, or else the client. */
export function startEcho(device: EchoDevice, algorithms: Registry, plan: EchoPlan): EchoProgram {
	const stack = startStack(device, algorithms, { maxConnections: plan.connections ?? 2 });
	const security = securityOf(stack, plan);
	return plan.certificate === undefined ? client(device, stack, security, plan) : server(device, stack, security, plan);
}

function server(device: EchoDevice, stack: Stack, security: Security, { kind, style, port, connections = 2 }: EchoPlan): EchoProgram {
	const native = style === "events" ? nativeEvents : nativePolled;
	switch (kind) {
		case "native-tcp":
			return new native.EchoServer(stack, new NativeTcp(stack, device, security), port);
		case "native-udp": {
			const udp = new NativeUdp(stack, device, security);
			check("serverOpen", udp.serverOpen(port, new ConnectionInfo()), udp);
			return new native.EchoServer(stack, udp, port);
		}
		case "tls-socket":
			return new (style === "events" ? tlsEvents : tlsPolled).EchoServer(stack, device.listen(port, connections), security);
		case "dtls-socket":
			return new (style === "events" ? dtlsEvents : dtlsPolled).EchoServer(stack, device.open(port), security);
	}
}

function client(device: EchoDevice, stack: Stack, security: Security, plan: EchoPlan): EchoProgram {
	const { kind, style, port, host = "127.0.0.1", peerName = host, text = "" } = plan;
	const native = style === "events" ? nativeEvents : nativePolled;
	const address = `${host} ${port}`;
	switch (kind) {
		case "native-tcp":
			return new native.EchoClient(stack, new NativeTcp(stack, device, security), address, peerName, text);
		case "native-udp":
			return new native.EchoClient(stack, new NativeUdp(stack, device, security), address, peerName, text);
		case "tls-socket":
			return new (style === "events" ? tlsEvents : tlsPolled).EchoClient(stack, device.connect(host, port), security, peerName, text);
		case "dtls-socket":
			return new (style === "events" ? dtlsEvents : dtlsPolled).EchoClient(stack, device.open(0), security, address, peerName, text);
	}
}

/** Whether a program has ended well. */
export function endedWell({ done = false, failure = NO_FAILURE }: EchoProgram): boolean {
	return done && failure === NO_FAILURE;
}
