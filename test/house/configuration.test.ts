// docs/configuration.md is as the source says, and each of the original's settings has its row in the list of interfaces.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { defaultConfiguration, originalConfiguration } from "polltls/io/configuration";
import { configurationPage, PAGE } from "../../tools/configuration-docs.js";
import { projectRoot } from "./sources.js";

test("the page of the configuration is as the source says", () => {
	assert.equal(readFileSync(join(projectRoot, PAGE), "utf8"), configurationPage(), "run npm run docs");
});

test("all settings of the original are there", () => {
	// Numbers of the field's embedded stacks; off and on as false and true
	const original = {
		minKeyExchangeSize: 128,
		maxMacKeyLength: 20,
		maxBulkKeyLength: 24,
		maxHmacLength: 64,
		minPublicKeySize: 32,
		maxPublicKeySize: 260,
		preMasterSecretSize: 64,
		maxHostCertificates: 1,
		maxCaCertificates: 1,
		maxRevokedCertificates: 1,
		maxCipherSuites: 1,
		maxHashAlgorithms: 3,
		maxBulkAlgorithms: 2,
		maxSignatureAlgorithms: 3,
		maxConnections: 1,
		maxSessions: 1,
		peerNameSize: 16,
		cbcPaddingLength: 9,
		maxDataLength: 2700,
		receiveBufferSize: 2700,
		dataBufferSize: 3400,
		handshakeStoreSize: 8192,
		digestPrefixLength: 32,
		oidSize: 9,
		socketInterface: true,
		nativeInterface: true,
		checkCertificateExpiry: false,
		timerPeriod: 100,
		handshakeTimeout: 100,
		heartbeatTime: 3,
		heartbeatAllowPeerRequest: false,
		heartbeatPayloadSize: 8,
		rejectRsa512: true,
		trustAllCertificates: false,
		connectionStackSize: 1256,
		rsaModulusLength: 128,
		rsaExponentLength: 3,
		dtls: false,
		dtlsNativeInterface: true,
		dtlsSocketInterface: true,
		dtlsClientPortStart: 1000,
		pmtu: 1400,
		dtlsServerReceiveSize: 500,
		messageRetries: 5,
		maxServerPorts: 1,
		retransmitInitial: 1000,
		retransmitMax: 60000,
	};
	assert.equal(Object.keys(original).length, 47);
	for (const [name, value] of Object.entries(original)) assert.equal((originalConfiguration as unknown as Record<string, unknown>)[name], value, name);
	assert.deepEqual(Object.keys(defaultConfiguration), Object.keys(originalConfiguration));
});
