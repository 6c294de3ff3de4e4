// The peers among themselves, with the certificates and the drivers of the other interop tests: when these fail, the
// machine or a driver is at fault and not our stack. Also shows which suites and groups each peer has.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { fetchWithCurl, fetchWithGnutls, fetchWithOpenssl, openInChromium, photographInChromium } from "../support/peer-clients.js";
import { groups13, pageText, startGnutlsServer, startNginx, startOpensslServer, suites13 } from "../support/peer-servers.js";
import { requirePeer } from "../support/peers.js";
import { makePki } from "../support/pki.js";

const pki = makePki();

test("openssl and gnutls agree on every suite, group and certificate type", async (t) => {
	const openssl = requirePeer(t, "openssl");
	const gnutlsCli = requirePeer(t, "gnutls-cli");
	const gnutlsServ = requirePeer(t, "gnutls-serv");
	if (!openssl || !gnutlsCli || !gnutlsServ) return;
	for (const key of ["ec", "rsa"] as const) {
		const ofOpenssl = await startOpensslServer(t, openssl, { identity: pki[key] });
		const ofGnutls = await startGnutlsServer(t, gnutlsServ, { identity: pki[key] });
		for (const suite of suites13)
			for (const group of groups13) {
				const settings = { ca: pki.ca, suites: [suite], groups: [group] };
				const one = await fetchWithGnutls(gnutlsCli, { ...settings, port: ofOpenssl.port });
				assert.match(one.stdout, pageText.openssl, `${key} ${suite} ${group}: ${one.stdout}${one.stderr}`);
				const two = await fetchWithOpenssl(openssl, { ...settings, port: ofGnutls.port });
				assert.match(two.stdout, /Verification: OK[\s\S]*HTTP\/1/, `${key} ${suite} ${group}: ${two.stdout}${two.stderr}`);
				assert.match(two.stdout, new RegExp(`Cipher is ${suite}`));
			}
	}
});

test("curl reads a page of nginx, with a client certificate", async (t) => {
	const curl = requirePeer(t, "curl");
	const nginx = requirePeer(t, "nginx");
	if (!curl || !nginx) return;
	const { port } = await startNginx(t, nginx, { identity: pki.chain, clientCa: pki.ca, suites: ["TLS_AES_128_CCM_8_SHA256"], groups: ["secp256r1"] });
	const page = await fetchWithCurl(curl, { port, ca: pki.ca, identity: pki.clientRsa, suites: suites13 });
	assert.match(page.stdout, pageText.nginx, page.stderr);
	assert.match(page.stdout, /TLS_AES_128_CCM_8_SHA256 client SUCCESS/);
	const refused = await fetchWithCurl(curl, { port, ca: pki.otherCa, suites: suites13 });
	assert.equal(refused.code, 60, refused.stderr);
});

test("Chromium shows a page of nginx, and refuses a key that it wasn't told of", async (t) => {
	const chromium = requirePeer(t, "chromium");
	const nginx = requirePeer(t, "nginx");
	if (!chromium || !nginx) return;
	const { port } = await startNginx(t, nginx, { identity: pki.ec });
	const url = `https://localhost:${port}/`;
	const page = await openInChromium(t, chromium, url, pki.ec.certificate);
	assert.match(page.stdout, pageText.nginx, page.stderr);
	const picture = await photographInChromium(t, chromium, url, pki.ec.certificate);
	assert.equal(readFileSync(picture.screenshot).subarray(1, 4).toString(), "PNG");
	const refused = await openInChromium(t, chromium, url, pki.rsa.certificate);
	assert.doesNotMatch(refused.stdout, pageText.nginx);
});
