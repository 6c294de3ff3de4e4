// Completes a configuration with the defaults and checks it as a whole: names, kinds, ranges, and values that don't fit
// together, which are both named. For Stack.init.

import { type Configuration, configurationLimits, defaultConfiguration, type Setting } from "./configuration.js";

/** A completed configuration, or what is wrong with it. */
export interface CheckedConfiguration {
	readonly configuration: Configuration;
	/** "" if nothing is; else a sentence that begins with the names it is about. */
	readonly complaint: string;
}

/** The caller's values over the defaults. */
export function checkConfiguration(values: object): CheckedConfiguration {
	const configuration: Configuration = Object.freeze({ ...defaultConfiguration, ...values });
	let complaint = "";
	for (const name of Object.keys(configuration)) {
		complaint = checkValue(name, (configuration as unknown as Record<string, unknown>)[name]);
		if (complaint !== "") return { configuration, complaint };
	}
	return { configuration, complaint: findClash(configuration) };
}

function checkValue(name: string, value: unknown): string {
	if (!(name in defaultConfiguration)) return `${name}: there is no such setting`;
	const limits = configurationLimits[name as Setting];
	if (limits === undefined) return typeof value === "boolean" ? "" : `${name}: true or false is needed`;
	if (!Number.isInteger(value)) return `${name}: a whole number is needed`;
	const [least, most] = limits;
	return (value as number) < least || (value as number) > most ? `${name}: ${value} is not from ${least} to ${most}` : "";
}

/** The first two settings that don't fit together. */
function findClash(c: Configuration): string {
	return (
		over("minPublicKeySize", c.minPublicKeySize, "maxPublicKeySize", c.maxPublicKeySize) ||
		over("rsaModulusLength", c.rsaModulusLength, "maxPublicKeySize", c.maxPublicKeySize) ||
		over("maxDataLength", c.maxDataLength, "dataBufferSize", c.dataBufferSize) ||
		over("retransmitInitial", c.retransmitInitial, "retransmitMax", c.retransmitMax) ||
		clash(
			"socketInterface",
			"nativeInterface",
			!c.socketInterface && !c.nativeInterface && !(c.dtls && (c.dtlsSocketInterface || c.dtlsNativeInterface)),
			"with both off there is no interface",
		) ||
		(c.dtls ? findDatagramClash(c) : "")
	);
}

function findDatagramClash(c: Configuration): string {
	const timeout = c.handshakeTimeout * c.timerPeriod;
	return (
		clash("dtls", "dtlsSocketInterface", !c.dtlsSocketInterface && !c.dtlsNativeInterface, "with DTLS on, one of its interfaces is needed") ||
		clash("handshakeTimeout", "retransmitInitial", timeout > 0 && timeout <= c.retransmitInitial, "a handshake ends before anything is sent again")
	);
}

function over(smaller: Setting, less: number, larger: Setting, more: number): string {
	return less > more ? `${smaller} and ${larger} clash: ${less} is more than ${more}` : "";
}

function clash(one: Setting, other: Setting, holds: boolean, reason: string): string {
	return holds ? `${one} and ${other} clash: ${reason}` : "";
}
