// Elliptic curves, portable: the values of RFC 7748, 5903, 6979 and 8032, refusals, any budget, wiping at any moment.

import { KEY_SHARE_REFUSED, PRIVATE_KEY_REFUSED, PUBLIC_KEY_REFUSED, SIGNATURE_WRONG } from "polltls/base/failure";
import { DONE, WORKING } from "polltls/base/status";
import { nobleSha256, nobleSha384, nobleSha512 } from "polltls/crypto/noble/hashes";
import type { Curve } from "polltls/crypto/public-key/curve";
import { clampScalar, decodeLittleEndian, encodeLittleEndian } from "polltls/crypto/public-key/curve25519";
import { EcGenerate } from "polltls/crypto/public-key/ec-generate";
import { ed25519 } from "polltls/crypto/public-key/ed25519";
import { Ed25519Generate } from "polltls/crypto/public-key/ed25519-generate";
import { decodeInteger } from "polltls/crypto/public-key/integer";
import { Nonce } from "polltls/crypto/public-key/nonce";
import { ecdsaP256, secp256r1 } from "polltls/crypto/public-key/p256";
import { p256 } from "polltls/crypto/public-key/p256-curve";
import { ecdsaP384, secp384r1 } from "polltls/crypto/public-key/p384";
import { p384 } from "polltls/crypto/public-key/p384-curve";
import { Ladder25519, x25519 } from "polltls/crypto/public-key/x25519";
import {
	type HashAlgorithm,
	type Hashes,
	type Job,
	KEY_ED25519,
	KEY_P256,
	KEY_P384,
	type KeyExchangeAlgorithm,
	type SignatureAlgorithm,
	sha256,
	sha384,
	sha512,
} from "polltls/crypto/types";
import { countSteps, finish, ScriptedEntropy } from "../support/jobs.js";
import { ascii, bytesOf, hexOf } from "./crypto-cases.js";

const hashes: Hashes = {
	hash: (id) => (id === sha256 ? nobleSha256 : id === sha384 ? nobleSha384 : id === sha512 ? nobleSha512 : undefined),
};

function equal(actual: unknown, expected: unknown, what = ""): void {
	if (actual !== expected) throw new Error(`${what} expected ${String(expected)}, got ${String(actual)}`);
}

/** Whether the provider draws a scalar's own length, until it is in range, as a native one does. */
function drawsCandidates(): boolean {
	let asked = 0;
	const entropy = {
		fill(bytes: Uint8Array, at: number, end: number): void {
			if (asked === 0) asked = end - at;
			bytes.fill(1, at, end);
		},
	};
	secp256r1.create().begin(entropy);
	return asked === 32;
}

/** What the provider must be given to draw this number: the number, or for drawScalar 8 bytes more, and 1 less. */
function scripted(hex: string): Uint8Array {
	if (drawsCandidates()) return bytesOf(hex);
	const bytes = bytesOf(`0000000000000000${hex}`);
	for (let i = bytes.length - 1; bytes[i]-- === 0; ) i--;
	return bytes;
}

function keyOf(type: number, bytes: Uint8Array): { type: number; bytes: Uint8Array; at: number; end: number } {
	return { type, bytes, at: 0, end: bytes.length };
}

function verify(algorithm: SignatureAlgorithm, scheme: number, key: Uint8Array, message: Uint8Array, signature: Uint8Array, budget = 8): number {
	const job = algorithm.createVerify(hashes);
	job.start(scheme, keyOf(algorithm.keyType, key), message, 0, message.length, signature, 0, signature.length);
	return finish(job, budget);
}

function signed(algorithm: SignatureAlgorithm, scheme: number, key: Uint8Array, message: Uint8Array, budget = 8): Uint8Array {
	const job = algorithm.createSign(hashes);
	job.start(scheme, { type: algorithm.keyType, bytes: key }, message, 0, message.length, new ScriptedEntropy());
	equal(finish(job, budget), DONE, "signing");
	return job.signature.slice(0, job.signatureLength);
}

/** Client and server of an exchange, each with its first random bytes. */
function exchange(algorithm: KeyExchangeAlgorithm, clientEntropy: Uint8Array, serverEntropy: Uint8Array): { client: string; server: string; secret: string } {
	const client = algorithm.create();
	const server = algorithm.create();
	client.begin(new ScriptedEntropy(clientEntropy));
	equal(finish(client), DONE, "begin");
	equal(client.shareLength, algorithm.clientShareLength);
	server.respond(new ScriptedEntropy(serverEntropy), client.share, 0, client.shareLength);
	equal(finish(server), DONE, "respond");
	equal(server.shareLength, algorithm.serverShareLength);
	client.receive(server.share, 0, server.shareLength);
	equal(finish(client), DONE, "receive");
	equal(hexOf(client.secret), hexOf(server.secret), "secrets");
	return { client: hexOf(client.share), server: hexOf(server.share), secret: hexOf(client.secret) };
}

function ladder(k: Uint8Array, u: bigint): bigint {
	const job = new Ladder25519();
	job.drawBlinds(new ScriptedEntropy());
	job.start(clampScalar(k), u & ((1n << 255n) - 1n));
	while (!job.done) job.advance();
	return job.u;
}

function littleEndian(value: bigint): Uint8Array {
	const bytes = new Uint8Array(32);
	encodeLittleEndian(value, bytes, 0);
	return bytes;
}

/** A job's whole course: started by start, its result read by result. */
interface Course {
	job: Job;
	start(): void;
	result(): string;
}

const alice = bytesOf("77076d0a7318a57d3c16c17251b26645df4c2f87ebc0992ab177fba51db92c2a");
const bob = bytesOf("5dab087e624a8a4b79e17f8b83800ee66f3bb1292618b6fd1c2f8b27ff88e0eb");
const p256Key = {
	private: bytesOf("C9AFA9D845BA75166B5C215767B1D6934E50C3DB36E89B127B8A622B120F6721"),
	public: bytesOf("0460FED4BA255A9D31C961EB74C6356D68C049B8923B61FA6CE669622E60F29FB67903FE1008B8BC99A41AE9E95628BC64F2F1B20C2D7E9F5177A3C294D4462299"),
};
const p384Key = {
	private: bytesOf("6B9D3DAD2E1B8C1C05B19875B6659F4DE23C3B667BF297BA9AA47740787137D896D5724E4C70A825F872C9EA60D2EDF5"),
	public: bytesOf(
		"04EC3A4E415B4E19A4568618029F427FA5DA9A8BC4AE92E02E06AAE5286B300C64DEF8F0EA9055866064A254515480BC138015D9B72D7D57244EA8EF9AC0C621896708A59367F9DFB9F54CA84B3F1C9DB1288B231C3AE0D4FE7344FD2533264720",
	),
};
const edKey = {
	private: bytesOf("c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7"),
	public: bytesOf("fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025"),
	signature: bytesOf("6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a"),
};

/** RFC 6979 A.2.5 and A.2.6: curve, key, hash, message, k, r, s. */
const deterministic: [Curve, { private: Uint8Array; public: Uint8Array }, HashAlgorithm, number, string, string, string, string][] = [
	[
		p256,
		p256Key,
		nobleSha256,
		0x0403,
		"sample",
		"A6E3C57DD01ABE90086538398355DD4C3B17AA873382B0F24D6129493D8AAD60",
		"EFD48B2AACB6A8FD1140DD9CD45E81D69D2C877B56AAF991C34D0EA84EAF3716",
		"F7CB1C942D657C41D436C7A1B6E29F65F3E900DBB9AFF4064DC4AB2F843ACDA8",
	],
	[
		p256,
		p256Key,
		nobleSha256,
		0x0403,
		"test",
		"D16B6AE827F17175E040871A1C7EC3500192C4C92677336EC2537ACAEE0008E0",
		"F1ABB023518351CD71D881567B1EA663ED3EFCF6C5132B354F28D3B0B7D38367",
		"019F4113742A2B14BD25926B49C649155F267E60D3814B4C0CC84250E46F0083",
	],
	[
		p256,
		p256Key,
		nobleSha384,
		0x0503,
		"sample",
		"09F634B188CEFD98E7EC88B1AA9852D734D0BC272F7D2A47DECC6EBEB375AAD4",
		"0EAFEA039B20E9B42309FB1D89E213057CBF973DC0CFC8F129EDDDC800EF7719",
		"4861F0491E6998B9455193E34E7B0D284DDD7149A74B95B9261F13ABDE940954",
	],
	[
		p256,
		p256Key,
		nobleSha512,
		0x0603,
		"sample",
		"5FA81C63109BADB88C1F367B47DA606DA28CAD69AA22C4FE6AD7DF73A7173AA5",
		"8496A60B5E9B47C825488827E0495B0E3FA109EC4568FD3F8D1097678EB97F00",
		"2362AB1ADBE2B8ADF9CB9EDAB740EA6049C028114F2460F96554F61FAE3302FE",
	],
	[
		p384,
		p384Key,
		nobleSha384,
		0x0503,
		"sample",
		"94ED910D1A099DAD3254E9242AE85ABDE4BA15168EAF0CA87A555FD56D10FBCA2907E3E83BA95368623B8C4686915CF9",
		"94EDBB92A5ECB8AAD4736E56C691916B3F88140666CE9FA73D64C4EA95AD133C81A648152E44ACF96E36DD1E80FABE46",
		"99EF4AEB15F178CEA1FE40DB2603138F130E740A19624526203B6351D0A3A94FA329C145786E679E7B82C71A38628AC8",
	],
];

function derOf(r: string, s: string): Uint8Array {
	const integers = [r, s].map((hex) => {
		const digits = hex.replace(/^(00)+/, "");
		const padded = parseInt(digits.slice(0, 2), 16) < 0x80 ? digits : `00${digits}`;
		return `02${(padded.length / 2).toString(16).padStart(2, "0")}${padded}`;
	});
	const body = integers.join("");
	return bytesOf(`30${(body.length / 2).toString(16).padStart(2, "0")}${body}`);
}

/** secret key, public key, message, signature: RFC 8032 7.1, tests 1, 2, 3 and SHA(abc). */
const ed25519Values = [
	[
		"9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60",
		"d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
		"",
		"e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b",
	],
	[
		"4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb",
		"3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c",
		"72",
		"92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00",
	],
	[hexOf(edKey.private), hexOf(edKey.public), "af82", hexOf(edKey.signature)],
	[
		"833fe62409237b9d62ec77587520911e9a759cec1d19755b7da901b96dca3d42",
		"ec172b93ad5e563bf4932c70e1245034c35467ef2efd4d64ebf819683467e2bf",
		"ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f",
		"dc2a4459e7369633a52b1bf277839a00201009a3efbf3ecb69bea2186c26b58909351fc9ac90b3ecfdfbc7c66431e0303dca179c138ac17ad9bef1177331a704",
	],
];

function courses(): Record<string, Course> {
	const message = ascii("sample");
	const exchanges = (algorithm: KeyExchangeAlgorithm, own: Uint8Array): Course[] => {
		const peer = algorithm.create();
		peer.begin(new ScriptedEntropy());
		finish(peer);
		const client = algorithm.create();
		const server = algorithm.create();
		return [
			{ job: client, start: () => client.begin(new ScriptedEntropy(own)), result: () => hexOf(client.share) },
			{
				job: server,
				start: () => server.respond(new ScriptedEntropy(own), peer.share, 0, peer.shareLength),
				result: () => hexOf(server.share) + hexOf(server.secret),
			},
		];
	};
	const signing = (algorithm: SignatureAlgorithm, key: Uint8Array): Course => {
		const job = algorithm.createSign(hashes);
		return {
			job,
			start: () => job.start(algorithm.schemes[0], { type: algorithm.keyType, bytes: key }, message, 0, message.length, new ScriptedEntropy()),
			result: () => hexOf(job.signature.subarray(0, job.signatureLength)),
		};
	};
	const verification = (algorithm: SignatureAlgorithm, key: { private: Uint8Array; public: Uint8Array }): Course => {
		const signature = signed(algorithm, algorithm.schemes[0], key.private, message);
		const job = algorithm.createVerify(hashes);
		return {
			job,
			start: () => job.start(algorithm.schemes[0], keyOf(algorithm.keyType, key.public), message, 0, message.length, signature, 0, signature.length),
			result: () => "right",
		};
	};
	const generation = (job: EcGenerate | Ed25519Generate): Course => ({
		job,
		start: () => job.start(new ScriptedEntropy(), 0),
		result: () => hexOf(job.privateKey.bytes) + hexOf(job.publicKey.bytes),
	});
	const [p256Begin, p256Respond] = exchanges(secp256r1, scripted(hexOf(p256Key.private)));
	const [x25519Begin, x25519Respond] = exchanges(x25519, alice);
	return {
		"P-256 begin": p256Begin,
		"P-256 respond": p256Respond,
		"P-384 respond": exchanges(secp384r1, scripted(hexOf(p384Key.private)))[1],
		"X25519 begin": x25519Begin,
		"X25519 respond": x25519Respond,
		"P-256 sign": signing(ecdsaP256, p256Key.private),
		"P-256 verify": verification(ecdsaP256, p256Key),
		"P-384 verify": verification(ecdsaP384, p384Key),
		"Ed25519 sign": signing(ed25519, edKey.private),
		"Ed25519 verify": verification(ed25519, edKey),
		"P-256 generate": generation(new EcGenerate(p256)),
		"Ed25519 generate": generation(new Ed25519Generate(hashes)),
	};
}

export const cases: Record<string, () => void> = {
	"X25519: RFC 7748 5.2"(): void {
		const values = [
			[
				"a546e36bf0527c9d3b16154b82465edd62144c0ac1fc5a18506a2244ba449ac4",
				"e6db6867583030db3594c1a424b15f7c726624ec26b3353b10a903a6d0ab1c4c",
				"c3da55379de9c6908e94ea4df28d084f32eccf03491c71f754b4075577a28552",
			],
			[
				"4b66e9d4d1b4673c5ad22691957d6af5c11b6421e0ea01d42ca4169e7918ba0d",
				"e5210f12786811d3f4b7959d0538ae2c31dbe7106fc03c3efc4cd549c715a493",
				"95cbde9476e8907d7aade45cb4b873f88b595a68799fa152e6f8f7647aac7957",
			],
		];
		for (const [k, u, result] of values) equal(hexOf(littleEndian(ladder(bytesOf(k), decodeLittleEndian(bytesOf(u), 0)))), result);
	},
	"X25519: RFC 7748 5.2, 1000 times"(): void {
		let k = bytesOf("0900000000000000000000000000000000000000000000000000000000000000");
		let u = k;
		for (let i = 1; i <= 1000; i++) {
			const result = littleEndian(ladder(k, decodeLittleEndian(u, 0)));
			u = k;
			k = result;
			if (i === 1) equal(hexOf(k), "422c8e7a6227d7bca1350b3e2bb7279f7897b87bb6854b783c60e80311ae3079");
		}
		equal(hexOf(k), "684cf59ba83309552800ef566f2f4d3c1c3887c49360e3875f2eb94d99532c51");
	},
	"X25519: RFC 7748 6.1"(): void {
		const { client, server, secret } = exchange(x25519, alice, bob);
		equal(client, "8520f0098930a754748b7ddcb43ef75a0dbf3a0d26381af4eba4a98eaa9b4e6a");
		equal(server, "de9edb7d7b7dc1b4d35b61c2ece435373f8343c85b78674dadfc7e146f882b4f");
		equal(secret, "4a5d9d5ba4ce2de1728e3bf480350f25e07e21c947d19e3376f09b3c1e161742");
	},
	"P-256: RFC 5903 8.1"(): void {
		const { client, server, secret } = exchange(
			secp256r1,
			scripted("C88F01F510D9AC3F70A292DAA2316DE544E9AAB8AFE84049C62A9C57862D1433"),
			scripted("C6EF9C5D78AE012A011164ACB397CE2088685D8F06BF9BE0B283AB46476BEE53"),
		);
		equal(
			client.toUpperCase(),
			"04DAD0B65394221CF9B051E1FECA5787D098DFE637FC90B9EF945D0C37725811805271A0461CDB8252D61F1C456FA3E59AB1F45B33ACCF5F58389E0577B8990BB3",
		);
		equal(
			server.toUpperCase(),
			"04D12DFB5289C8D4F81208B70270398C342296970A0BCCB74C736FC7554494BF6356FBF3CA366CC23E8157854C13C58D6AAC23F046ADA30F8353E74F33039872AB",
		);
		equal(secret.toUpperCase(), "D6840F6B42F6EDAFD13116E0E12565202FEF8E9ECE7DCE03812464D04B9442DE");
	},
	"ECDSA: RFC 6979 A.2.5 and A.2.6"(): void {
		for (const [curve, key, hash, scheme, text, k, r, s] of deterministic) {
			const { length } = curve;
			const digest = new Uint8Array(Math.max(hash.hashLength, length));
			const running = hash.create();
			const message = ascii(text);
			running.update(message, 0, message.length);
			running.digest(digest, 0);
			const nonce = new Nonce();
			nonce.start(hash, curve.order.p, key.private, digest.subarray(0, length), new Uint8Array(0));
			while (!nonce.done) nonce.advance();
			equal(
				nonce.result
					.toString(16)
					.toUpperCase()
					.padStart(2 * length, "0"),
				k,
				`${text}: k`,
			);
			equal(verify(curve === p256 ? ecdsaP256 : ecdsaP384, scheme, key.public, message, derOf(r, s)), DONE, text);
		}
	},
	"ECDSA: signatures are made and accepted, with each hash; other ones aren't"(): void {
		const message = ascii("sample");
		const other = ascii("sampl4");
		for (const [algorithm, key] of [
			[ecdsaP256, p256Key],
			[ecdsaP384, p384Key],
		] as const)
			for (const scheme of algorithm.schemes) {
				const signature = signed(algorithm, scheme, key.private, message);
				equal(verify(algorithm, scheme, key.public, message, signature), DONE);
				equal(verify(algorithm, scheme, key.public, other, signature), SIGNATURE_WRONG);
				equal(verify(algorithm, scheme === 0x0403 ? 0x0503 : 0x0403, key.public, message, signature), SIGNATURE_WRONG);
				equal(verify(algorithm, 0x0807, key.public, message, signature), SIGNATURE_WRONG, "another scheme");
			}
	},
	"ECDSA: two signatures differ, as each is hedged with fresh randomness"(): void {
		const job = ecdsaP256.createSign(hashes);
		const message = ascii("sample");
		const results: string[] = [];
		for (const random of [1, 2]) {
			const key = { type: KEY_P256, bytes: p256Key.private };
			job.start(0x0403, key, message, 0, message.length, new ScriptedEntropy(new Uint8Array(32).fill(random)));
			equal(finish(job), DONE);
			results.push(hexOf(job.signature.subarray(0, job.signatureLength)));
		}
		equal(results[0] === results[1], false);
	},
	"ECDSA: strict DER, numbers from 1 to order - 1"(): void {
		const message = ascii("sample");
		const signature = signed(ecdsaP256, 0x0403, p256Key.private, message);
		const { r, s } = { r: hexOf(signature.subarray(4, 4 + signature[3])), s: hexOf(signature.subarray(6 + signature[3])) };
		const order = p256.order.p.toString(16);
		const wrong: Record<string, string> = {
			empty: "",
			"trailing byte": `${hexOf(signature)}00`,
			"cut off": hexOf(signature.subarray(0, signature.length - 1)),
			"long length": `3081${hexOf(signature.subarray(1))}`,
			"zero r": hexOf(derOf("00", s.replace(/^00/, ""))).replace("0200", "020100"),
			"r of the order": hexOf(derOf(order, s)),
			"s of the order": hexOf(derOf(r, order)),
			"r too long": hexOf(derOf(`01${"00".repeat(32)}`, s)),
			"r as in raw signatures": r + s,
		};
		for (const name in wrong) equal(verify(ecdsaP256, 0x0403, p256Key.public, message, bytesOf(wrong[name])), SIGNATURE_WRONG, name);
	},
	"Ed25519: RFC 8032 7.1"(): void {
		for (const [secret, pub, text, signature] of ed25519Values) {
			const key = bytesOf(pub);
			const message = bytesOf(text);
			equal(hexOf(signed(ed25519, 0x0807, bytesOf(secret), message)), signature);
			equal(verify(ed25519, 0x0807, key, message, bytesOf(signature)), DONE);
			const generate = new Ed25519Generate(hashes);
			generate.start(new ScriptedEntropy(bytesOf(secret)), 0);
			equal(finish(generate), DONE);
			equal(hexOf(generate.publicKey.bytes), pub);
		}
	},
	"Ed25519: what isn't strict is refused"(): void {
		const message = bytesOf("af82");
		const { signature } = edKey;
		const order = 0x1000000000000000000000000000000014def9dea2f79cd65812631a5cf5d3edn;
		const lifted = Uint8Array.from([...signature.subarray(0, 32), ...littleEndian(decodeLittleEndian(signature, 32) + order)]);
		equal(verify(ed25519, 0x0807, edKey.public, message, lifted), SIGNATURE_WRONG, "S + order");
		equal(verify(ed25519, 0x0807, edKey.public, message, signature.subarray(0, 63)), SIGNATURE_WRONG, "short");
		equal(verify(ed25519, 0x0403, edKey.public, message, signature), SIGNATURE_WRONG, "another scheme");
		for (const [name, key] of [
			["not on the curve", littleEndian(2n)],
			["y of p + 1", littleEndian((1n << 255n) - 18n)],
			["negative zero", littleEndian(1n | (1n << 255n))],
			["short", edKey.public.subarray(0, 31)],
		] as const)
			equal(verify(ed25519, 0x0807, key, message, signature), PUBLIC_KEY_REFUSED, name);
		// R of y = 1 in the non-canonical form p + 1, with S = 0 and the neutral key: only a lenient check accepts it
		const neutral = littleEndian(1n);
		const lenient = Uint8Array.from([...littleEndian((1n << 255n) - 18n), ...new Uint8Array(32)]);
		equal(verify(ed25519, 0x0807, neutral, message, lenient), SIGNATURE_WRONG, "R not canonical");
		equal(verify(ed25519, 0x0807, neutral, message, Uint8Array.from([...neutral, ...new Uint8Array(32)])), DONE, "R canonical");
	},
	"public keys off their curve, of another type or length are refused"(): void {
		const message = ascii("sample");
		for (const [algorithm, key] of [
			[ecdsaP256, p256Key],
			[ecdsaP384, p384Key],
		] as const) {
			const signature = signed(algorithm, 0x0403, key.private, message);
			const off = key.public.slice();
			off[off.length - 1] ^= 1;
			const infinity = new Uint8Array(key.public.length);
			infinity[0] = 4;
			const large = key.public.slice().fill(0xff, 1, 1 + key.private.length);
			const compressed = key.public.slice(0, 1 + key.private.length);
			compressed[0] = 2;
			const hybrid = key.public.slice();
			hybrid[0] = 6;
			for (const bytes of [off, infinity, large, compressed, hybrid, new Uint8Array(0)])
				equal(verify(algorithm, 0x0403, bytes, message, signature), PUBLIC_KEY_REFUSED);
			const job = algorithm.createVerify(hashes);
			job.start(0x0403, keyOf(KEY_ED25519, key.public), message, 0, message.length, signature, 0, signature.length);
			equal(finish(job), PUBLIC_KEY_REFUSED, "type");
		}
	},
	"key shares that can't be right are refused"(): void {
		for (const [algorithm, share] of [
			[secp256r1, p256Key.public],
			[secp384r1, p384Key.public],
		] as const) {
			const off = share.slice();
			off[1] ^= 1;
			const infinity = Uint8Array.of(0);
			const compressed = share.slice(0, (share.length + 1) / 2);
			compressed[0] = 3;
			for (const bytes of [off, infinity, compressed, share.subarray(1), new Uint8Array(share.length), new Uint8Array(0)]) {
				const server = algorithm.create();
				server.respond(new ScriptedEntropy(), bytes, 0, bytes.length);
				equal(finish(server), KEY_SHARE_REFUSED);
				const client = algorithm.create();
				client.begin(new ScriptedEntropy());
				equal(finish(client), DONE);
				client.receive(bytes, 0, bytes.length);
				equal(finish(client), KEY_SHARE_REFUSED);
				equal(/^0+$/.test(hexOf(client.secret)), true);
			}
		}
		const small = [
			"00",
			"01",
			"ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
			"e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800",
		];
		for (const hex of small) {
			const server = x25519.create();
			server.respond(new ScriptedEntropy(), bytesOf(hex.padEnd(64, "0")), 0, 32);
			equal(finish(server), KEY_SHARE_REFUSED, hex);
		}
		for (const length of [0, 31]) {
			const server = x25519.create();
			server.respond(new ScriptedEntropy(), new Uint8Array(32).fill(9), 0, length);
			equal(finish(server), KEY_SHARE_REFUSED, String(length));
		}
	},
	"an exchange that wasn't begun, or was wiped, has nothing to give"(): void {
		for (const algorithm of [secp256r1, x25519]) {
			const client = algorithm.create();
			equal(finish(client), KEY_SHARE_REFUSED);
			const share = algorithm === x25519 ? bob : p256Key.public;
			client.receive(share, 0, share.length);
			equal(finish(client), KEY_SHARE_REFUSED);
			client.begin(new ScriptedEntropy());
			finish(client);
			client.wipe();
			client.receive(share, 0, share.length);
			equal(finish(client), KEY_SHARE_REFUSED);
		}
	},
	"private keys out of range are refused"(): void {
		const message = ascii("sample");
		const order = p256.order.p.toString(16);
		for (const [algorithm, bytes] of [
			[ecdsaP256, new Uint8Array(32)],
			[ecdsaP256, bytesOf(order)],
			[ecdsaP256, new Uint8Array(31).fill(1)],
			[ecdsaP384, new Uint8Array(48).fill(0xff)],
			[ed25519, new Uint8Array(31).fill(1)],
		] as const) {
			const job = algorithm.createSign(hashes);
			job.start(algorithm.schemes[0], { type: algorithm.keyType, bytes }, message, 0, message.length, new ScriptedEntropy());
			equal(finish(job), PRIVATE_KEY_REFUSED);
			equal(job.signatureLength, 0);
		}
	},
	"a scheme that the key can't make, or a hash that isn't there, is the caller's mistake"(): void {
		const none: Hashes = { hash: () => undefined };
		const message = ascii("sample");
		const entropy = new ScriptedEntropy();
		const mistakes: (() => void)[] = [
			() => ecdsaP256.createSign(hashes).start(0x0804, { type: KEY_P256, bytes: p256Key.private }, message, 0, 6, entropy),
			() => ecdsaP256.createSign(hashes).start(0x0403, { type: KEY_P384, bytes: p384Key.private }, message, 0, 6, entropy),
			() => ecdsaP256.createSign(none).start(0x0403, { type: KEY_P256, bytes: p256Key.private }, message, 0, 6, entropy),
			() => ed25519.createSign(hashes).start(0x0403, { type: KEY_ED25519, bytes: edKey.private }, message, 0, 6, entropy),
			() => ed25519.createSign(none).start(0x0807, { type: KEY_ED25519, bytes: edKey.private }, message, 0, 6, entropy),
			() => new Ed25519Generate(none),
		];
		for (const mistake of mistakes) {
			let thrown = false;
			try {
				mistake();
			} catch {
				thrown = true;
			}
			equal(thrown, true, String(mistake));
		}
		const job = ed25519.createVerify(none);
		job.start(0x0807, keyOf(KEY_ED25519, edKey.public), message, 0, 6, edKey.signature, 0, 64);
		equal(finish(job), SIGNATURE_WRONG);
	},
	"key pairs: the public key is the private one's, and signs"(): void {
		const message = ascii("sample");
		for (const [curve, algorithm] of [
			[p256, ecdsaP256],
			[p384, ecdsaP384],
		] as const) {
			const job = new EcGenerate(curve);
			job.start(new ScriptedEntropy(), 0);
			equal(finish(job), DONE);
			const scalar = decodeInteger(job.privateKey.bytes, 0, curve.length);
			equal(scalar > 0n && scalar < curve.order.p, true);
			const signature = signed(algorithm, 0x0403, job.privateKey.bytes, message);
			equal(verify(algorithm, 0x0403, job.publicKey.bytes, message, signature), DONE);
			job.wipe();
			equal(/^0+$/.test(hexOf(job.privateKey.bytes) + hexOf(job.publicKey.bytes)), true);
			equal(job.step(8), PRIVATE_KEY_REFUSED);
		}
	},
	"any budget gives the same"(): void {
		const all = courses();
		for (const name in all) {
			const { job, start, result } = all[name];
			start();
			equal(job.step(1e9), DONE, name);
			const expected = result();
			for (const budget of [1, 3, 8, 1000]) {
				start();
				equal(finish(job, budget), DONE, `${name} ${budget}`);
				equal(result(), expected, `${name} ${budget}`);
				equal(job.step(8), DONE, `${name}: asked again`);
			}
		}
	},
	"a budget bounds a step"(): void {
		const all = courses();
		for (const name in all) {
			const { job, start } = all[name];
			start();
			const steps = countSteps(job, 8);
			equal(steps > 8 && steps < 120, true, `${name}: ${steps} steps`);
		}
	},
	"a job may be wiped before any step, and started again"(): void {
		const all = courses();
		for (const name in all) {
			const { job, start, result } = all[name];
			start();
			finish(job);
			const expected = result();
			start();
			const steps = countSteps(job, 3);
			for (let stop = 0; stop < steps; stop += 1 + (stop >> 2)) {
				start();
				for (let i = 0; i < stop; i++) equal(job.step(3), WORKING, name);
				job.wipe();
				equal(job.step(3) > 255, true, `${name}: after wipe`);
				if (result() !== "right") equal(/^0*$/.test(result()), true, `${name}: wiped`);
			}
			start();
			equal(finish(job), DONE, name);
			equal(result(), expected, name);
		}
	},
	"everything is read before start returns"(): void {
		const message = ascii("sample");
		for (const [algorithm, key] of [
			[ecdsaP256, p256Key],
			[ed25519, edKey],
		] as const) {
			const scheme = algorithm.schemes[0];
			const signature = signed(algorithm, scheme, key.private, message);
			const text = message.slice();
			const pub = key.public.slice();
			const verifier = algorithm.createVerify(hashes);
			const copy = signature.slice();
			verifier.start(scheme, keyOf(algorithm.keyType, pub), text, 0, text.length, copy, 0, copy.length);
			for (const bytes of [text, pub, copy]) bytes.fill(0xee);
			equal(finish(verifier), DONE);
			const signer = algorithm.createSign(hashes);
			text.set(message);
			signer.start(scheme, { type: algorithm.keyType, bytes: key.private }, text, 0, text.length, new ScriptedEntropy());
			text.fill(0xee);
			equal(finish(signer), DONE);
			equal(verify(algorithm, scheme, key.public, message, signer.signature.slice(0, signer.signatureLength)), DONE);
		}
		const client = secp256r1.create();
		const peer = p256Key.public.slice();
		client.respond(new ScriptedEntropy(), peer, 0, peer.length);
		peer.fill(0xee);
		equal(finish(client), DONE);
	},
};
