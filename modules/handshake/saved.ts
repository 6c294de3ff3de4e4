// An open connection as bytes, for a device that sleeps without memory: what of the handshake is needed to go on, in another
// process too. What belongs to records and messages is theirs to write (messages/messages).
//
//     u8 format, u8 role, u16 version, u16 suite, u16 group, u16 record_size_limit of the peer
//     1.3: both application traffic secrets, exporter and resumption secret; 1.2: encrypt-then-MAC, EMS, master secret, randoms
//     u16 read epoch, u16 write epoch; connection ids; then the part of messages; then 8 bytes of SHA-256 over all

import { equalConstantTime } from "../base/bytes.js";
import type { Reader } from "../base/reader.js";
import type { Writer } from "../base/writer.js";
import { findSuite, type Suite } from "../crypto/suites.js";
import { type HashAlgorithm, sha256 } from "../crypto/types.js";
import { FINISHED_VERIFIED, HANDSHAKE_DONE, type Handshake } from "./handshake.js";
import { Handshake12, MASTER_SECRET_LENGTH, Secrets12, secrets12 } from "./handshake12.js";
import { deriveKeyBlock, installReadKeys12, installWriteKeys12 } from "./keys12.js";
import { installReadKeys, installWriteKeys } from "./keys13.js";

const FORMAT = 1;
const CHECK_LENGTH = 8;
const EXTENDED_MASTER_SECRET = 2;
const ENCRYPT_THEN_MAC = 1;

/** Writes the connection; false if it can't be saved now (something is on its way), or over this transport. `ahead`: see Messages.save. */
export function saveHandshake(hs: Handshake, writer: Writer, ahead: number): boolean {
	const { negotiated, settings, post, messages } = hs;
	const { suite } = negotiated;
	if (suite === undefined || !(hs.proofs & HANDSHAKE_DONE) || post.sending || post.closing) return false;
	const at = writer.at;
	writer.u8(FORMAT);
	writer.u8(settings.isServer ? 1 : 0);
	writer.u16(negotiated.version);
	writer.u16(suite.number);
	writer.u16(negotiated.group);
	writer.u16(negotiated.recordSizeLimit);
	if (negotiated.version === settings.variant.version13) saveSecrets13(hs, writer);
	else saveSecrets12(hs, writer);
	writer.u16(post.readEpoch);
	writer.u16(post.writeEpoch);
	messages.ids?.save(writer);
	if (!messages.save(writer, ahead)) return false;
	const check = new Uint8Array(64);
	digest(hs, writer.bytes, at, writer.at, check);
	writer.copy(check, 0, CHECK_LENGTH);
	return !writer.failed;
}

/** Goes on from there, in a handshake that has not begun; false if the bytes are not such a connection of this role. */
export function restoreHandshake(hs: Handshake, reader: Reader): boolean {
	const { settings, negotiated, post, messages } = hs;
	const { variant, registry } = settings;
	const check = new Uint8Array(64);
	if (reader.end - reader.at < CHECK_LENGTH) return false;
	digest(hs, reader.bytes, reader.at, reader.end - CHECK_LENGTH, check);
	if (equalConstantTime(check, 0, reader.bytes, reader.end - CHECK_LENGTH, CHECK_LENGTH) === 0) return false;
	reader.end -= CHECK_LENGTH;
	if (reader.u8() !== FORMAT || reader.u8() !== (settings.isServer ? 1 : 0)) return false;
	negotiated.version = reader.u16();
	const suite = findSuite(reader.u16());
	const hash = suite && registry.hash(suite.hash);
	negotiated.group = reader.u16();
	negotiated.recordSizeLimit = reader.u16();
	const is13 = negotiated.version === variant.version13;
	const flow = is13 ? settings.flow13 : settings.flow12;
	if (suite === undefined || hash === undefined || flow?.after === undefined) return false;
	negotiated.suite = suite;
	messages.agree(negotiated.version);
	if (is13) restoreSecrets13(hs, reader, hash);
	else restoreSecrets12(hs, reader, suite, hash);
	post.readEpoch = reader.u16();
	post.writeEpoch = reader.u16();
	if (messages.ids?.restore(reader) !== true || reader.failed) return false;
	if (is13) installKeys13(hs);
	else installKeys12(hs);
	if (!messages.restore(reader) || !reader.finished()) return false;
	messages.finished();
	hs.flow = flow.after;
	hs.state = flow.after.first;
	hs.proofs = FINISHED_VERIFIED | HANDSHAKE_DONE;
	return true;
}

function saveSecrets13({ schedule }: Handshake, writer: Writer): void {
	const { hashLength } = schedule;
	writer.copy(schedule.clientApplicationSecret, 0, hashLength);
	writer.copy(schedule.serverApplicationSecret, 0, hashLength);
	writer.copy(schedule.exporterSecret, 0, hashLength);
	writer.copy(schedule.resumptionSecret, 0, hashLength);
}

function restoreSecrets13({ schedule, settings }: Handshake, reader: Reader, hash: HashAlgorithm): void {
	schedule.start(hash, settings.variant.labelPrefix);
	schedule.clientApplicationSecret = takeSecret(reader, hash.hashLength);
	schedule.serverApplicationSecret = takeSecret(reader, hash.hashLength);
	schedule.exporterSecret = takeSecret(reader, hash.hashLength);
	schedule.resumptionSecret = takeSecret(reader, hash.hashLength);
}

function installKeys13(hs: Handshake): void {
	const { schedule, post, settings } = hs;
	const { clientApplicationSecret, serverApplicationSecret } = schedule;
	installReadKeys(hs, settings.isServer ? clientApplicationSecret : serverApplicationSecret, post.readEpoch);
	installWriteKeys(hs, settings.isServer ? serverApplicationSecret : clientApplicationSecret, post.writeEpoch);
}

function saveSecrets12(hs: Handshake, writer: Writer): void {
	const { negotiated } = hs;
	const { master, randoms } = secrets12(hs);
	writer.u8((negotiated.encryptThenMac ? ENCRYPT_THEN_MAC : 0) | (negotiated.extendedMasterSecret ? EXTENDED_MASTER_SECRET : 0));
	writer.copy(master, 0, MASTER_SECRET_LENGTH);
	writer.copy(randoms, 0, randoms.length);
}

function restoreSecrets12(hs: Handshake, reader: Reader, suite: Suite, hash: HashAlgorithm): void {
	const { negotiated, hello } = hs;
	const flags = reader.u8();
	negotiated.suite = suite;
	negotiated.encryptThenMac = (flags & ENCRYPT_THEN_MAC) !== 0;
	negotiated.extendedMasterSecret = (flags & EXTENDED_MASTER_SECRET) !== 0;
	const own = new Handshake12();
	const secrets = new Secrets12(hash);
	own.secrets = secrets;
	hs.state12 = own;
	secrets.master.set(takeSecret(reader, MASTER_SECRET_LENGTH));
	secrets.randoms.set(takeSecret(reader, secrets.randoms.length));
	for (let i = 0; i < 32; i++) {
		hello.clientRandom[i] = secrets.randoms[i];
		hello.serverRandom[i] = secrets.randoms[32 + i];
	}
}

/** The keys come out of the master secret again; installing counts the epochs up by one. */
function installKeys12(hs: Handshake): void {
	const { post } = hs;
	deriveKeyBlock(hs);
	post.readEpoch--;
	post.writeEpoch--;
	installReadKeys12(hs);
	installWriteKeys12(hs);
	secrets12(hs).keyBlock.fill(0);
}

/** A copy of the next bytes; zeros if there are too few, which shows in the end. */
function takeSecret(reader: Reader, length: number): Uint8Array {
	const at = reader.take(length);
	return reader.failed ? new Uint8Array(length) : reader.bytes.slice(at, at + length);
}

function digest(hs: Handshake, bytes: Uint8Array, at: number, end: number, out: Uint8Array): void {
	const hash = hs.settings.registry.hash(sha256)?.create();
	if (hash === undefined) throw new Error("SHA-256 is needed to save a connection");
	hash.update(bytes, at, end);
	hash.digest(out, 0);
}
