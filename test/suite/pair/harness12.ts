// What the pair suites of 1.2 need beside the harness: all its kinds of ciphers and exchanges, and a credential with an RSA
// key, which would take too long to make.

import { nobleChaCha20Poly1305 } from "polltls/crypto/noble/aeads";
import { nobleAes128Cbc, nobleAes256Cbc } from "polltls/crypto/noble/block-ciphers";
import { nobleSha1, nobleSha256, nobleSha384, nobleSha512 } from "polltls/crypto/noble/hashes";
import { ffdhe2048 } from "polltls/crypto/public-key/dhe";
import { ecdsaP256, secp256r1 } from "polltls/crypto/public-key/p256";
import { rsa } from "polltls/crypto/public-key/rsa";
import { x25519 } from "polltls/crypto/public-key/x25519";
import { Registry } from "polltls/crypto/registry";
import { AEAD_AES_128_GCM, AEAD_AES_256_GCM, KEY_RSA } from "polltls/crypto/types";
import type { Psk } from "polltls/handshake/psk";
import type { Credential } from "polltls/handshake/settings";
import { PURPOSE_SERVER } from "polltls/pki/extensions";
import { publicKeyOfRsa } from "polltls/pki/key-writer";
import { TLS_1_2 } from "polltls/wire/registry";
import { Pair, type PairOptions, type TestPki } from "./harness.js";

/** RSAPrivateKey of 2048 bits, made for these tests by openssl. */
const RSA_KEY =
	"308204a30201000282010100c38c0e959a4ecd5c6980188c8b4cd36988a6c0242fadec7594ef456c792053b6b242c14b1926c83b2e7fdcd35235fa749dc5566a609aee381f2c" +
	"d56aa20a5aaf4e7dd8e943262b09b08dd0f196f47e7d814342b1a776dc1d43efc498bcabffddade0e0e3f1183b98b85b52ab899ede0cc0bda677f31b8d2eca1c61da852387cb" +
	"5207c5639ccda150662097bf14fd04e3a17c94ac0b2089329b4039a416493e2ac49a584bda798835a0c3e60f2697384cb0b92c88c2c03c1b037567c3396057186733889d9af3" +
	"6b3808545c13f221a0d3233812bc2d10eff6509e0fa4756f9427dce0fd309ff46bd8c0ac7651851d451ad226f2868c04c6506d99dfd6907e262302030100010282010013aae1" +
	"06a3f3fc0ca8e1c4d651e662b71112f06d534c53658a1abca949cf7a0bfc86e1490bd90e378198439e0f7d3559084b424345bf1f698e9d2443ead34ec6a606db4baec0c6805d" +
	"7d0e005675f5c8eab8d89ae4a47c440742b4cbc5e228c4638a242458e9de88a036332ce495117147eb6b345243b9a1f49b012e88c8878e3b09b5efdeb4500543c0e48816c557" +
	"1565266b02d98d9d320d55a2bada0cd779241826f29263abca2d91c20236a57155aa49b9c3b974c476f0029c21838e57e951250087ac21f7d7e3ec83378783d180869dcaea19" +
	"39fa4a06cd9be98f6c64ddf2ee5434eff1dc729a80be759500856d5182c6561e6e5dc1c174d3999ca10c8d02818100e28a1db75323d59b7fe909149322b6562ac5ca124e5750" +
	"130ddee8206ce6bdb4d55ee85b3f38aa0818dfd39457cd21e111783e09807eee28a24955bf7d8169a7cbf33e22c853dda9cc86dffd38545edd25db6c85e34f3703ab74684201" +
	"3b52f60907509a83d55f78129e3488430aab30c11b8de1400d1511cdeccbd917bc726d02818100dcfa269c8d8b79590e726caa07891a3a9317a598d77814c3b8094a31a00968" +
	"21211baa8e9600371a63a36277ace0bb16c1ab12d4f7298ee52cf8e064f510ae1bc34ccf33967538779e9c2caedd3f4df2cce6363f233ef95c3de82a2f1dd98e90da3082a688" +
	"4aeb80b423c64ecdbfc83c1839d46cdfd2f1c4e0c8dd4a121020cf02818054ea9cd4f92f3784c05fa3edb8718c93a418dbf41cb591e8728c99ca7dc7c8589e9aa2d28152463a" +
	"1ec8d7d08550f9601a624e2ed5a1beb8308cf8bd7cd823b8a8349798062b99ad6a632c5708e46762d22bfbf3fc0ed77a62ac91e01c0216c8eefd74f356738703c546d43e3793" +
	"2a346e4e5bd29165d5fe0488bca8b5c307c902818054ad0288b0f086226b17cbade7cf509eab68bf4aef1e138ee001a74d96cea3f935ef9d0ea04a1ad360e4e5c1881c617499" +
	"e7cd0290677b5b343d75f719b5379269e70feaebb7a558a90d9d4db078268d6898baa6bd01cf99da1b11b716501c8243299d96e4d9189f2be81d806af5176c77b8093f631139" +
	"15c1311722e003101f02818100998fb03b44145279b5b5b51d38e3c1ef77dc9195f158b63676a82a0dbdaf9e713d05346ffa8aaf5d5879b9da4bffcee325e18897c63c57ab04" +
	"e3879c469783058f3f68ec006ee512a770ed1b21eb36bdae7215f91b669e7ca5a985444827e711f448a2744d53b1c2d946a7abf024254b6493d3d812241131e566822d7485b1" +
	"52";

export const psk: Psk = { identity: Uint8Array.of(100, 101, 118), key: Uint8Array.from({ length: 16 }, (_, i) => i + 1) };

function fromHex(text: string): Uint8Array {
	const bytes = new Uint8Array(text.length / 2);
	for (let i = 0; i < bytes.length; i++) bytes[i] = Number.parseInt(text.slice(2 * i, 2 * i + 2), 16);
	return bytes;
}

/** Every kind of cipher of 1.2, cheap ones in the place of noble's AES-GCM, which is too large for a device. */
export function testRegistry12(): Registry {
	const registry = new Registry();
	for (const hash of [nobleSha256, nobleSha384, nobleSha512, nobleSha1]) registry.registerHash(registry.hashes.length, hash);
	registry.registerBulk(0, { ...nobleChaCha20Poly1305, id: AEAD_AES_128_GCM, keyLength: 32 });
	registry.registerBulk(1, nobleChaCha20Poly1305);
	registry.registerBulk(2, { ...nobleChaCha20Poly1305, id: AEAD_AES_256_GCM });
	registry.registerBulk(3, nobleAes128Cbc);
	registry.registerBulk(4, nobleAes256Cbc);
	registry.registerSign(0, ecdsaP256);
	registry.registerSign(1, rsa);
	registry.registerKeyExchange(0, x25519);
	registry.registerKeyExchange(1, secp256r1);
	registry.registerKeyExchange(2, ffdhe2048);
	registry.start();
	return registry;
}

/** A server's credential with an RSA key. */
export function rsaCredential(pki: TestPki, keyUsage?: number): Credential {
	const privateKey = { type: KEY_RSA, bytes: fromHex(RSA_KEY) };
	const publicKey = publicKeyOfRsa(privateKey);
	return pki.issue("localhost", ["localhost"], PURPOSE_SERVER, { privateKey, publicKey }, keyUsage);
}

/** A pair that speaks 1.2 only. */
export function pair12(pki: TestPki, registry: Registry, { client = {}, server = {}, ...rest }: PairOptions = {}): Pair {
	const only = { maximumVersion: TLS_1_2 };
	return new Pair(pki, registry, { ...rest, client: { ...only, ...client }, server: { ...only, ...server } });
}
