// Modules of the SDK (modules/crypt) that it has no typings for; as far as sdk-operations.ts uses them.

declare module "curve" {
	export default class Curve {
		constructor(name: "secp256r1" | "secp384r1");
		readonly G: object;
		readonly n: bigint;
		readonly ec: { mul(point: object, scalar: bigint): { X: bigint; Y: bigint } };
		readonly orderSize: number;
		k?: bigint;
	}
}
declare module "ecdsa" {
	export default class ECDSA {
		/** The nonce of signatures. */
		k: bigint;
		constructor(key: unknown, curve: object);
		_sign(hash: ArrayBufferLike): { r: bigint; s: bigint };
		_verify(hash: ArrayBufferLike, r: bigint, s: bigint): boolean;
	}
}
declare module "ecp" {
	export default class ECPoint {
		constructor(x: bigint, y: bigint);
	}
}
declare module "mont" {
	export default class Mont {
		constructor(options: { m: bigint; method?: number });
		exp(base: bigint, exponent: bigint): bigint;
	}
}
declare module "rsa" {
	export default class RSA {
		constructor(e: bigint, m: bigint, p?: bigint, q?: bigint, dp?: bigint, dq?: bigint, c2?: bigint);
		process(c: bigint): bigint;
	}
}
declare module "gcm" {
	export default class GCM {
		constructor(cipher: object);
		process(
			data: ArrayBufferLike | Uint8Array,
			result: ArrayBufferLike | undefined,
			iv: ArrayBufferLike,
			additional: ArrayBufferLike,
			encrypt: boolean,
		): ArrayBufferLike;
	}
}
declare module "hmac" {
	export default class HMAC {
		constructor(digest: object, key: ArrayBufferLike);
		process(...items: ArrayBufferLike[]): ArrayBufferLike;
	}
}
declare module "tlssocket" {
	/** The SDK's TLS client over ECMA-419 sockets (examples/io/tcp/tlssocket). */
	export default class TLSSocket {
		constructor(options: {
			host: string;
			secure: { certificate: ArrayBufferLike; verify: boolean; cache?: boolean };
			TCP: { io: unknown };
			onReadable?(count: number): void;
			onWritable?(count: number): void;
			onError?(): void;
		});
		read(buffer: Uint8Array): number | undefined;
		write(bytes: Uint8Array): number;
		close(): void;
	}
}
