// Settings and services that the other suites don't come across: each changes what it says.

import { CERTIFICATE_EXPIRED, CERTIFICATE_REVOKED, CERTIFICATE_TIME_UNKNOWN } from "polltls/base/failure";
import { INIT_ERR, MEM_ERR, NOT_FOUND_ERR, OK, VERIFY_ERR } from "polltls/base/status";
import type { Configuration } from "polltls/io/configuration";
import { TlsSocket } from "polltls/io/tls-socket";
import { LogBook, ManualClock } from "polltls/os/in-memory";
import { LOG_INFO, LOG_WARNING } from "polltls/os/os";
import { VERIFY_REVOKED } from "polltls/pki/verify-result";
import { equal, NOW, until, World } from "./harness.js";
import { Two } from "./tls-socket.js";

const world = new World();
const AES_256_GCM_SHA384 = 0x1302;

/** The client's code of a handshake, its stack having these settings and this clock. */
function shaken(values: Partial<Configuration>, clock = new ManualClock(NOW), isTrusted = true): [number, TlsSocket] {
	const two = new Two();
	const stack = world.stack(values, { clock });
	const security = isTrusted ? world.trust(stack) : stack.createSecurity();
	if (security === undefined) throw new Error("no stack");
	if (!isTrusted) equal(security.setRootCaCert(world.pki.selfSigned("other").chain[0]), OK);
	two.client = new TlsSocket(stack, two.clientEnd, security);
	const [code] = until(
		world,
		() => two.client.clientHandshake("localhost"),
		() => two.server.serverHandshake(false),
	);
	return [code, two.client];
}

export const cases: Record<string, () => void> = {
	"maxCipherSuites: no more are offered"() {
		for (const maxCipherSuites of [1, 2]) {
			const two = new Two({
				client: { maxCipherSuites },
				credentials: (security) => void security.setOptions({ suites: [AES_256_GCM_SHA384] }),
				trust: (security) => void security.setOptions({ minimumVersion: 0x0304 }),
			});
			equal(two.shake() === "0,0", maxCipherSuites === 2, `${maxCipherSuites}: the server wants the second one`);
		}
	},

	"trustAllCertificates: anybody is taken"() {
		equal(shaken({}, undefined, false)[0], VERIFY_ERR);
		equal(shaken({ trustAllCertificates: true }, undefined, false)[0], OK);
	},

	"checkCertificateExpiry: off, dates aren't judged"() {
		const later = (): ManualClock => new ManualClock(NOW + 86400 * 1000);
		const [code, client] = shaken({}, later());
		equal(code, VERIFY_ERR);
		equal(client.outcome.failure, CERTIFICATE_EXPIRED);
		equal(shaken({ checkCertificateExpiry: false }, later())[0], OK);
	},

	"a device that doesn't know the time judges no dates, unless it is told not to"() {
		const [code, client] = shaken({}, new ManualClock(-1));
		equal(code, VERIFY_ERR);
		equal(client.outcome.failure, CERTIFICATE_TIME_UNKNOWN);
		equal(shaken({ checkCertificateExpiry: false }, new ManualClock(-1))[0], OK);
	},

	"revoked certificates: by themselves, for one configuration only"() {
		const [leaf] = world.pki.server.chain;
		const revoking = new Two({ trust: (security) => equal(security.setRevoked(leaf), OK) });
		equal(Number(revoking.shake().split(",")[0]), VERIFY_ERR);
		equal(revoking.client.outcome.failure, CERTIFICATE_REVOKED);
		equal(revoking.client.verifyResult & VERIFY_REVOKED, VERIFY_REVOKED);
		const other = new Two({ trust: (security) => equal(security.setRevoked(world.pki.client.chain[0]), OK) });
		equal(other.shake(), "0,0", "another one is");
	},

	"log: what happens, by level"() {
		const book = new LogBook();
		const two = new Two();
		const stack = world.stack({}, { log: book.log });
		two.client = new TlsSocket(stack, two.clientEnd, world.trust(stack));
		equal(two.shake(), "0,0");
		equal(two.client.close(), OK);
		equal(two.client.close(), NOT_FOUND_ERR);
		equal(stack.init(), INIT_ERR);
		const told = book.lines.map(({ level, text }) => `${level} ${text}`);
		equal(told.includes(`${LOG_INFO} started`) && told.includes(`${LOG_INFO} a connection has ended`), true, told.join());
		equal(
			told.some((line) => line.startsWith(`${LOG_WARNING} refused`)),
			true,
			told.join(),
		);
		const failing = new LogBook();
		const strict = world.stack({}, { log: failing.log });
		const wrong = new Two();
		wrong.client = new TlsSocket(strict, wrong.clientEnd, world.trust(strict));
		until(
			world,
			() => wrong.client.clientHandshake("other.example"),
			() => wrong.server.serverHandshake(false),
		);
		equal(
			failing.lines.some(({ level, text }) => level === LOG_WARNING && text.startsWith("a connection has failed")),
			true,
		);
	},

	"heartbeatPayloadSize: requests are so much longer"() {
		const lengths = [8, 45].map((heartbeatPayloadSize) => {
			const two = new Two({ client: { heartbeat: true, heartbeatPayloadSize }, server: { heartbeat: true, heartbeatAllowPeerRequest: true } });
			equal(two.shake(), "0,0");
			two.settle();
			equal(two.serverEnd.waiting, 0);
			equal(two.client.beat(), OK);
			return two.serverEnd.waiting;
		});
		equal(lengths[1] - lengths[0], 37);
	},

	"handshakeStoreSize and flightStoreSize: what doesn't fit is told with the bytes that it needs"() {
		const two = new Two({ client: { handshakeStoreSize: 512, receiveBufferSize: 512 } });
		const { server, client } = world.pki;
		two.credentials.credentials[0] = { chain: [...server.chain, ...client.chain, ...client.chain, ...client.chain], key: server.key };
		const [code] = until(
			world,
			() => two.client.clientHandshake("localhost"),
			() => two.server.serverHandshake(false),
		);
		equal(code, MEM_ERR);
		equal(two.client.outcome.bytesNeeded > 512, true, `${two.client.outcome.bytesNeeded}`);
		const memory = (values: Partial<Configuration>): number => world.stack(values).memory().connections.reserved;
		equal(memory({ handshakeStoreSize: 5000 }) - memory({ handshakeStoreSize: 4000 }), 1000);
		equal(memory({ flightStoreSize: 5000 }) - memory({ flightStoreSize: 4000 }), 1000);
	},

	"dtlsServerReceiveSize, pmtu, dataBufferSize: what is reserved"() {
		const memory = (values: Partial<Configuration>) => world.stack({ maxDataLength: 512, ...values }).memory();
		const port = (values: Partial<Configuration>): number => memory(values).ports.reserved;
		equal(port({ pmtu: 500, dtlsServerReceiveSize: 1500 }), 2 * (1500 + 500), "one of a server, and one of a client");
		equal(port({ pmtu: 1500, dtlsServerReceiveSize: 500 }), 2 * (1500 + 1500));
		equal(memory({ dataBufferSize: 700 }).buffers.reserved, 2 * 700);
	},
};
