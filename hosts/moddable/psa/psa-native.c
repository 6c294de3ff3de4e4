// Cryptography through the PSA Crypto API (Mbed TLS 2.28, 3.x, TF-PSA-Crypto 1.x): for psa-native.ts. Keys are handles that
// stay in here, in objects that JavaScript can't look into: a Digest, a Key, a Mask. Clearing one destroys what it holds, and
// so does its destructor, when the engine collects it. Nothing is allocated but these objects. What the library can't do
// is thrown: the connection ends with CRYPTO_PROVIDER_FAILED (ENCRYPTION_MODULE_ERR).

#include "xsPlatform.h"
#include "xsmc.h"
#include "mc.xs.h"
#include <stdio.h>
#include "psa/crypto.h"

// Numbers of psa-native.ts
enum { SHA1 = 2, SHA256 = 4, SHA384 = 5, SHA512 = 6 };
enum { AES_128_CBC = 256, AES_256_CBC = 257, X25519 = 512 + 29, SECP256R1 = 512 + 23, SECP384R1 = 512 + 24 };
enum { ECDSA = 0, RSA_PKCS1 = 1, RSA_PSS = 2 };
enum { WRONG = 0, RIGHT = 1, KEY_REFUSED = -1 };
enum { SIGNING = 1024, RSA = 1, P256 = 3, P384 = 4 };
enum { NO_KEY = 0, MAY_NOT_SIGN = -1, NOT_A_SIGNING_KEY = -2 };

#define BLOCK 16

/** A running hash, or HMAC: that has the states behind the two pads of its key, too. */
typedef struct {
	psa_algorithm_t algorithm;
	int isHmac;
	psa_hash_operation_t work;
	psa_hash_operation_t pads[];
} Digest;

/** A key of an AEAD, of CBC, of a key agreement, or of signatures. */
typedef struct {
	psa_key_id_t id;
	psa_algorithm_t algorithm;
	size_t tagLength;
	int isStored; // it is the library's, and outlives us
} Key;

/** AES-ECB that goes on and on: it keeps a key without a place in the library's store. */
typedef struct {
	psa_cipher_operation_t operation;
} Mask;

static const char *nameOf(psa_status_t status)
{
	switch (status) {
		case PSA_ERROR_NOT_SUPPORTED: return " (not supported)";
		case PSA_ERROR_NOT_PERMITTED: return " (not permitted)";
		case PSA_ERROR_INVALID_ARGUMENT: return " (invalid argument)";
		case PSA_ERROR_INVALID_HANDLE: return " (no such key)";
		case PSA_ERROR_INSUFFICIENT_MEMORY: return " (no memory, or no place for a key)";
		case PSA_ERROR_INSUFFICIENT_STORAGE: return " (no room in storage)";
		case PSA_ERROR_STORAGE_FAILURE: return " (storage failure)";
		case PSA_ERROR_INSUFFICIENT_ENTROPY: return " (no entropy)";
	}
	return "";
}

static void check(xsMachine *the, psa_status_t status)
{
	char text[64];

	if (PSA_SUCCESS == status)
		return;
	snprintf(text, sizeof(text), "PSA Crypto: %d%s", (int)status, nameOf(status));
	xsUnknownError(text);
}

/** The bytes of a view or buffer from at on, at least length of them. Not to be kept: the engine moves buffers. */
static uint8_t *placeOf(xsMachine *the, xsSlot *slot, xsIntegerValue at, size_t length, int writable)
{
	void *data;
	xsUnsignedValue size;

	if (writable)
		xsmcGetBufferWritable(*slot, &data, &size);
	else
		xsmcGetBufferReadable(*slot, &data, &size);
	if (at < 0 || (xsUnsignedValue)at > size || length > size - at)
		xsRangeError("no such place");
	return (uint8_t *)data + at;
}

static size_t lengthOf(xsMachine *the, xsIntegerValue at, xsIntegerValue end)
{
	if (at < 0 || end < at)
		xsRangeError("no such place");
	return end - at;
}

/** The struct of an object that create... has made, and nothing else. */
static void *structOf(xsMachine *the, xsSlot *slot, xsDestructor destructor)
{
	if (xsGetHostDestructor(*slot) != destructor)
		xsTypeError("not an object of its kind");
	return xsmcGetHostData(*slot);
}

static void *create(xsMachine *the, size_t size, xsDestructor destructor)
{
	void *data;

	check(the, psa_crypto_init());
	data = c_calloc(1, size);
	if (!data)
		xsUnknownError("no memory");
	xsResult = xsNewHostObject(destructor);
	xsmcSetHostData(xsResult, data);
	return data;
}

static psa_algorithm_t hashOf(xsMachine *the, xsIntegerValue number)
{
	switch (number) {
		case SHA1: return PSA_ALG_SHA_1;
		case SHA256: return PSA_ALG_SHA_256;
		case SHA384: return PSA_ALG_SHA_384;
		case SHA512: return PSA_ALG_SHA_512;
	}
	xsRangeError("no such hash");
	return 0;
}

static psa_status_t importKey(psa_key_type_t type, psa_algorithm_t algorithm, psa_key_usage_t usage, const uint8_t *bytes, size_t length, psa_key_id_t *id)
{
	psa_key_attributes_t attributes = PSA_KEY_ATTRIBUTES_INIT;

	psa_set_key_type(&attributes, type);
	psa_set_key_algorithm(&attributes, algorithm);
	psa_set_key_usage_flags(&attributes, usage);
	return psa_import_key(&attributes, bytes, length, id);
}

// Hashes and HMAC

static void clearDigest(Digest *digest)
{
	psa_hash_abort(&digest->work);
	if (digest->isHmac) {
		psa_hash_abort(&digest->pads[0]);
		psa_hash_abort(&digest->pads[1]);
	}
}

void xs_polltls_psaDigest_destructor(void *data)
{
	if (!data)
		return;
	clearDigest(data);
	c_free(data);
}

#define DIGEST(SLOT) ((Digest *)structOf(the, &SLOT, xs_polltls_psaDigest_destructor))

void xs_polltls_psaCreateDigest(xsMachine *the)
{
	psa_algorithm_t algorithm = hashOf(the, xsmcToInteger(xsArg(0)));
	int isHmac = xsmcTest(xsArg(1));
	Digest *digest = create(the, sizeof(Digest) + (isHmac ? 2 * sizeof(psa_hash_operation_t) : 0), xs_polltls_psaDigest_destructor);

	digest->algorithm = algorithm;
	digest->isHmac = isHmac;
	check(the, psa_hash_setup(&digest->work, algorithm));
}

void xs_polltls_psaClearDigest(xsMachine *the)
{
	clearDigest(DIGEST(xsArg(0)));
}

void xs_polltls_psaUpdate(xsMachine *the)
{
	Digest *digest = DIGEST(xsArg(0));
	xsIntegerValue at = xsmcToInteger(xsArg(2));
	size_t length = lengthOf(the, at, xsmcToInteger(xsArg(3)));

	check(the, psa_hash_update(&digest->work, placeOf(the, &xsArg(1), at, length, 0), length));
}

void xs_polltls_psaCopyDigest(xsMachine *the)
{
	Digest *to = DIGEST(xsArg(0));
	Digest *from = DIGEST(xsArg(1));

	psa_hash_abort(&to->work);
	check(the, psa_hash_clone(&from->work, &to->work));
}

static Digest *hmacOf(xsMachine *the, xsSlot *slot)
{
	Digest *digest = DIGEST(*slot);

	if (!digest->isHmac)
		xsTypeError("not an HMAC");
	return digest;
}

/** RFC 2104: a key longer than a block is its hash. */
void xs_polltls_psaSetHmacKey(xsMachine *the)
{
	Digest *digest = hmacOf(the, &xsArg(0));
	xsIntegerValue at = xsmcToInteger(xsArg(2));
	size_t length = lengthOf(the, at, xsmcToInteger(xsArg(3)));
	const uint8_t *key = placeOf(the, &xsArg(1), at, length, 0);
	size_t blockLength = PSA_HASH_BLOCK_LENGTH(digest->algorithm);
	uint8_t pad[128];
	psa_status_t status = PSA_SUCCESS;
	size_t i;

	clearDigest(digest);
	c_memset(pad, 0, sizeof(pad));
	if (length > blockLength)
		status = psa_hash_compute(digest->algorithm, key, length, pad, PSA_HASH_LENGTH(digest->algorithm), &length); // it fills all it is given
	else
		c_memcpy(pad, key, length);
	for (i = 0; i < blockLength; i++)
		pad[i] ^= 0x36;
	if (PSA_SUCCESS == status)
		status = psa_hash_setup(&digest->pads[0], digest->algorithm);
	if (PSA_SUCCESS == status)
		status = psa_hash_update(&digest->pads[0], pad, blockLength);
	for (i = 0; i < blockLength; i++)
		pad[i] ^= 0x36 ^ 0x5c;
	if (PSA_SUCCESS == status)
		status = psa_hash_setup(&digest->pads[1], digest->algorithm);
	if (PSA_SUCCESS == status)
		status = psa_hash_update(&digest->pads[1], pad, blockLength);
	if (PSA_SUCCESS == status)
		status = psa_hash_clone(&digest->pads[0], &digest->work);
	for (i = 0; i < sizeof(pad); i++)
		((volatile uint8_t *)pad)[i] = 0;
	if (PSA_SUCCESS != status)
		clearDigest(digest);
	check(the, status);
}

void xs_polltls_psaFinishHash(xsMachine *the)
{
	Digest *digest = DIGEST(xsArg(0));
	size_t length = PSA_HASH_LENGTH(digest->algorithm);

	check(the, psa_hash_finish(&digest->work, placeOf(the, &xsArg(1), xsmcToInteger(xsArg(2)), length, 1), length, &length));
}

/** Ready for the next message afterwards. */
void xs_polltls_psaFinishHmac(xsMachine *the)
{
	Digest *digest = hmacOf(the, &xsArg(0));
	size_t length = PSA_HASH_LENGTH(digest->algorithm);
	uint8_t *out = placeOf(the, &xsArg(1), xsmcToInteger(xsArg(2)), length, 1);

	check(the, psa_hash_finish(&digest->work, out, length, &length));
	check(the, psa_hash_clone(&digest->pads[1], &digest->work));
	check(the, psa_hash_update(&digest->work, out, length));
	check(the, psa_hash_finish(&digest->work, out, length, &length));
	check(the, psa_hash_clone(&digest->pads[0], &digest->work));
}

// Keys of ciphers and of key agreements

static void clearKey(Key *key)
{
	psa_key_id_t id = key->id;

	key->id = 0;
	if (id && !key->isStored)
		psa_destroy_key(id);
	key->isStored = 0;
}

void xs_polltls_psaKey_destructor(void *data)
{
	if (!data)
		return;
	clearKey(data);
	c_free(data);
}

#define KEY(SLOT) ((Key *)structOf(the, &SLOT, xs_polltls_psaKey_destructor))

void xs_polltls_psaCreateKey(xsMachine *the)
{
	create(the, sizeof(Key), xs_polltls_psaKey_destructor);
}

void xs_polltls_psaClearKey(xsMachine *the)
{
	clearKey(KEY(xsArg(0)));
}

/** Answers whether it is a key of that kind: a scalar may be out of range. */
void xs_polltls_psaImportKey(xsMachine *the)
{
	Key *key = KEY(xsArg(0));
	xsIntegerValue kind = xsmcToInteger(xsArg(1));
	xsIntegerValue at = xsmcToInteger(xsArg(3));
	psa_key_type_t type = PSA_KEY_TYPE_AES;
	psa_key_usage_t usage = PSA_KEY_USAGE_ENCRYPT | PSA_KEY_USAGE_DECRYPT;
	xsIntegerValue length = 16;
	psa_status_t status;

	clearKey(key);
	key->tagLength = 16;
	switch (kind) {
		case 2: length = 32; // fall through
		case 1: key->algorithm = PSA_ALG_GCM; break;
		case 4: length = 32; // fall through
		case 3: key->algorithm = PSA_ALG_CCM; break;
		case 19: length = 32; // fall through
		case 18:
			key->algorithm = PSA_ALG_AEAD_WITH_SHORTENED_TAG(PSA_ALG_CCM, 8);
			key->tagLength = 8;
			break;
		case 29:
			type = PSA_KEY_TYPE_CHACHA20;
			key->algorithm = PSA_ALG_CHACHA20_POLY1305;
			length = 32;
			break;
		case AES_256_CBC: length = 32; // fall through
		case AES_128_CBC: key->algorithm = PSA_ALG_CBC_NO_PADDING; break;
		case X25519: case SECP256R1: case SECP384R1:
			type = PSA_KEY_TYPE_ECC_KEY_PAIR(X25519 == kind ? PSA_ECC_FAMILY_MONTGOMERY : PSA_ECC_FAMILY_SECP_R1);
			key->algorithm = PSA_ALG_ECDH;
			usage = PSA_KEY_USAGE_DERIVE;
			length = SECP384R1 == kind ? 48 : 32;
			break;
		default:
			xsRangeError("no such key");
	}
	status = importKey(type, key->algorithm, usage, placeOf(the, &xsArg(2), at, length, 0), length, &key->id);
	if (PSA_ERROR_INSUFFICIENT_MEMORY == status) { // keys that nobody has any more give their places back
		xsCollectGarbage();
		status = importKey(type, key->algorithm, usage, placeOf(the, &xsArg(2), at, length, 0), length, &key->id);
	}
	if (PSA_ERROR_INVALID_ARGUMENT != status)
		check(the, status);
	xsmcSetBoolean(xsResult, PSA_SUCCESS == status);
}

void xs_polltls_psaSeal(xsMachine *the)
{
	Key *key = KEY(xsArg(0));
	xsIntegerValue additionalLength = xsmcToInteger(xsArg(3));
	xsIntegerValue at = xsmcToInteger(xsArg(5));
	size_t length = lengthOf(the, at, xsmcToInteger(xsArg(6)));
	const uint8_t *nonce = placeOf(the, &xsArg(1), 0, 12, 0);
	const uint8_t *additional = placeOf(the, &xsArg(2), 0, additionalLength, 0);
	uint8_t *text = placeOf(the, &xsArg(4), at, length + key->tagLength, 1);

	check(the, psa_aead_encrypt(key->id, key->algorithm, nonce, 12, additional, additionalLength, text, length, text, length + key->tagLength, &length));
}

/** Answers whether the tag is right. */
void xs_polltls_psaOpen(xsMachine *the)
{
	Key *key = KEY(xsArg(0));
	xsIntegerValue additionalLength = xsmcToInteger(xsArg(3));
	xsIntegerValue at = xsmcToInteger(xsArg(5));
	size_t length = lengthOf(the, at, xsmcToInteger(xsArg(6)));
	const uint8_t *nonce = placeOf(the, &xsArg(1), 0, 12, 0);
	const uint8_t *additional = placeOf(the, &xsArg(2), 0, additionalLength, 0);
	uint8_t *text = placeOf(the, &xsArg(4), at, length, 1);
	psa_status_t status = PSA_ERROR_INVALID_SIGNATURE;

	if (length >= key->tagLength)
		status = psa_aead_decrypt(key->id, key->algorithm, nonce, 12, additional, additionalLength, text, length, text, length - key->tagLength, &length);
	if (PSA_ERROR_INVALID_SIGNATURE != status)
		check(the, status);
	xsmcSetBoolean(xsResult, PSA_SUCCESS == status);
}

/** CBC of whole blocks in place: encrypts if xsArg(1), else decrypts. */
void xs_polltls_psaChain(xsMachine *the)
{
	Key *key = KEY(xsArg(0));
	const uint8_t *iv = placeOf(the, &xsArg(2), 0, BLOCK, 0);
	xsIntegerValue at = xsmcToInteger(xsArg(4));
	size_t length = lengthOf(the, at, xsmcToInteger(xsArg(5)));
	uint8_t *text = placeOf(the, &xsArg(3), at, length, 1);
	psa_cipher_operation_t operation = PSA_CIPHER_OPERATION_INIT;
	size_t written;
	psa_status_t status;

	status = xsmcTest(xsArg(1)) ? psa_cipher_encrypt_setup(&operation, key->id, key->algorithm) : psa_cipher_decrypt_setup(&operation, key->id, key->algorithm);
	if (PSA_SUCCESS == status)
		status = psa_cipher_set_iv(&operation, iv, BLOCK);
	if (PSA_SUCCESS == status)
		status = psa_cipher_update(&operation, text, length, text, length, &written);
	psa_cipher_abort(&operation);
	check(the, status);
}

// The mask of record numbers

void xs_polltls_psaMask_destructor(void *data)
{
	if (!data)
		return;
	psa_cipher_abort(&((Mask *)data)->operation);
	c_free(data);
}

#define MASK(SLOT) ((Mask *)structOf(the, &SLOT, xs_polltls_psaMask_destructor))

void xs_polltls_psaCreateMask(xsMachine *the)
{
	create(the, sizeof(Mask), xs_polltls_psaMask_destructor);
}

void xs_polltls_psaClearMask(xsMachine *the)
{
	psa_cipher_abort(&MASK(xsArg(0))->operation);
}

void xs_polltls_psaSetMaskKey(xsMachine *the)
{
	Mask *mask = MASK(xsArg(0));
	xsIntegerValue at = xsmcToInteger(xsArg(2));
	size_t length = lengthOf(the, at, xsmcToInteger(xsArg(3)));
	psa_key_id_t id;
	psa_status_t status;

	psa_cipher_abort(&mask->operation);
	check(the, importKey(PSA_KEY_TYPE_AES, PSA_ALG_ECB_NO_PADDING, PSA_KEY_USAGE_ENCRYPT, placeOf(the, &xsArg(1), at, length, 0), length, &id));
	status = psa_cipher_encrypt_setup(&mask->operation, id, PSA_ALG_ECB_NO_PADDING);
	psa_destroy_key(id);
	check(the, status);
}

void xs_polltls_psaMask(xsMachine *the)
{
	Mask *mask = MASK(xsArg(0));
	uint8_t block[BLOCK];
	size_t length;

	check(the, psa_cipher_update(&mask->operation, placeOf(the, &xsArg(1), xsmcToInteger(xsArg(2)), BLOCK, 0), BLOCK, block, BLOCK, &length));
	c_memcpy(placeOf(the, &xsArg(3), 0, 5, 1), block, 5);
}

// Public keys

static void describePair(xsMachine *the, xsIntegerValue kind, xsIntegerValue bits, psa_key_attributes_t *attributes)
{
	psa_key_type_t type = PSA_KEY_TYPE_ECC_KEY_PAIR(PSA_ECC_FAMILY_SECP_R1);
	psa_key_usage_t usage = kind < SIGNING ? PSA_KEY_USAGE_DERIVE : PSA_KEY_USAGE_SIGN_HASH;
	psa_algorithm_t algorithm = kind < SIGNING ? PSA_ALG_ECDH : PSA_ALG_DETERMINISTIC_ECDSA(PSA_ALG_ANY_HASH);

	switch (kind) {
		case X25519:
			type = PSA_KEY_TYPE_ECC_KEY_PAIR(PSA_ECC_FAMILY_MONTGOMERY);
			bits = 255;
			break;
		case SECP256R1: case SIGNING + P256: bits = 256; break;
		case SECP384R1: case SIGNING + P384: bits = 384; break;
		case SIGNING + RSA: // TLS 1.3 signs with PSS, certificates are signed with PKCS #1 v1.5
			type = PSA_KEY_TYPE_RSA_KEY_PAIR;
			algorithm = PSA_ALG_RSA_PKCS1V15_SIGN(PSA_ALG_ANY_HASH);
			psa_set_key_enrollment_algorithm(attributes, PSA_ALG_RSA_PSS(PSA_ALG_ANY_HASH));
			break;
		default:
			xsRangeError("no such key");
	}
	psa_set_key_type(attributes, type);
	psa_set_key_bits(attributes, bits);
	psa_set_key_usage_flags(attributes, usage);
	psa_set_key_algorithm(attributes, algorithm);
}

/** Makes a private key in the library, which stores it under the id in xsArg(2) unless that is 0. Answers false where there is one by that id. */
void xs_polltls_psaGenerateKey(xsMachine *the)
{
	Key *key = KEY(xsArg(0));
	psa_key_id_t id = xsmcToInteger(xsArg(2));
	psa_key_attributes_t attributes = PSA_KEY_ATTRIBUTES_INIT;
	psa_status_t status;

	clearKey(key);
	describePair(the, xsmcToInteger(xsArg(1)), xsmcToInteger(xsArg(3)), &attributes);
	if (id)
		psa_set_key_id(&attributes, id); // and so it is persistent
	status = psa_generate_key(&attributes, &key->id);
	if (PSA_ERROR_INSUFFICIENT_MEMORY == status) {
		xsCollectGarbage();
		status = psa_generate_key(&attributes, &key->id);
	}
	if (PSA_ERROR_ALREADY_EXISTS != status)
		check(the, status);
	key->algorithm = psa_get_key_algorithm(&attributes);
	key->isStored = id != 0;
	xsmcSetBoolean(xsResult, PSA_SUCCESS == status);
}

/** The number of its key type, or what is wrong with it. */
static xsIntegerValue signingType(const psa_key_attributes_t *attributes)
{
	psa_key_type_t type = psa_get_key_type(attributes);
	size_t bits = psa_get_key_bits(attributes);
	xsIntegerValue result = NOT_A_SIGNING_KEY;

	if (PSA_KEY_TYPE_RSA_KEY_PAIR == type)
		result = bits >= 2048 && bits <= 4096 ? RSA : NOT_A_SIGNING_KEY;
	else if (PSA_KEY_TYPE_ECC_KEY_PAIR(PSA_ECC_FAMILY_SECP_R1) == type)
		result = 256 == bits ? P256 : 384 == bits ? P384 : NOT_A_SIGNING_KEY;
	if (NOT_A_SIGNING_KEY != result && !(psa_get_key_usage_flags(attributes) & PSA_KEY_USAGE_SIGN_HASH))
		result = MAY_NOT_SIGN;
	return result;
}

/** Names a key that the library has by its id; it stays there. Answers the number of its key type, or what is wrong with it. */
void xs_polltls_psaOpenKey(xsMachine *the)
{
	Key *key = KEY(xsArg(0));
	psa_key_id_t id = xsmcToInteger(xsArg(1));
	psa_key_attributes_t attributes = PSA_KEY_ATTRIBUTES_INIT;
	psa_status_t status;
	xsIntegerValue result = NO_KEY;

	clearKey(key);
	status = psa_get_key_attributes(id, &attributes);
	if (PSA_ERROR_INVALID_HANDLE != status && PSA_ERROR_DOES_NOT_EXIST != status) {
		check(the, status);
		result = signingType(&attributes);
		key->algorithm = psa_get_key_algorithm(&attributes);
	}
	psa_reset_key_attributes(&attributes);
	if (result > 0) {
		key->id = id;
		key->isStored = 1;
	}
	xsmcSetInteger(xsResult, result);
}

/** Destroys a key, out of the library's storage too. */
void xs_polltls_psaDestroyKey(xsMachine *the)
{
	Key *key = KEY(xsArg(0));
	psa_key_id_t id = key->id;

	key->id = 0;
	key->isStored = 0;
	if (id)
		check(the, psa_destroy_key(id));
}

/** The public key of a private one, as it goes on the wire (RSA: RSAPublicKey). Answers its length. */
void xs_polltls_psaShare(xsMachine *the)
{
	Key *key = KEY(xsArg(0));
	xsIntegerValue size = xsmcToInteger(xsArg(2));
	size_t length;

	check(the, psa_export_public_key(key->id, placeOf(the, &xsArg(1), 0, size, 1), size, &length));
	xsmcSetInteger(xsResult, (xsIntegerValue)length);
}

/** Answers whether the peer's share can be right. */
void xs_polltls_psaAgree(xsMachine *the)
{
	Key *key = KEY(xsArg(0));
	xsIntegerValue at = xsmcToInteger(xsArg(2));
	size_t length = lengthOf(the, at, xsmcToInteger(xsArg(3)));
	xsIntegerValue secretLength = xsmcToInteger(xsArg(5));
	const uint8_t *peer = placeOf(the, &xsArg(1), at, length, 0);
	uint8_t *secret = placeOf(the, &xsArg(4), 0, secretLength, 1);
	size_t written;
	psa_status_t status = psa_raw_key_agreement(PSA_ALG_ECDH, key->id, peer, length, secret, secretLength, &written);

	if (PSA_ERROR_INVALID_ARGUMENT != status)
		check(the, status);
	xsmcSetBoolean(xsResult, PSA_SUCCESS == status);
}

static psa_algorithm_t signatureOf(xsIntegerValue kind, psa_algorithm_t hash)
{
	return ECDSA == kind ? PSA_ALG_ECDSA(hash) : RSA_PSS == kind ? PSA_ALG_RSA_PSS(hash) : PSA_ALG_RSA_PKCS1V15_SIGN(hash);
}

/**
 * Signs a digest: answers the signature's length (r and s of ECDSA side by side), or KEY_REFUSED. ECDSA's nonces are derived
 * from key and digest (RFC 6979): no key depends on the library's generator.
 */
void xs_polltls_psaSign(xsMachine *the)
{
	xsIntegerValue kind = xsmcToInteger(xsArg(0));
	psa_algorithm_t hash = hashOf(the, xsmcToInteger(xsArg(1)));
	psa_algorithm_t algorithm = ECDSA == kind ? PSA_ALG_DETERMINISTIC_ECDSA(hash) : signatureOf(kind, hash);
	xsIntegerValue length = xsmcToInteger(xsArg(3));
	const uint8_t *bytes = placeOf(the, &xsArg(2), 0, length, 0);
	const uint8_t *digest = placeOf(the, &xsArg(4), 0, PSA_HASH_LENGTH(hash), 0);
	xsIntegerValue room = xsmcToInteger(xsArg(6));
	uint8_t *out = placeOf(the, &xsArg(5), 0, room, 1);
	size_t written = 0;
	psa_key_id_t id;
	psa_status_t status;

	status = importKey(ECDSA == kind ? PSA_KEY_TYPE_ECC_KEY_PAIR(PSA_ECC_FAMILY_SECP_R1) : PSA_KEY_TYPE_RSA_KEY_PAIR, algorithm, PSA_KEY_USAGE_SIGN_HASH, bytes, length, &id);
	xsmcSetInteger(xsResult, KEY_REFUSED);
	if (PSA_ERROR_INVALID_ARGUMENT == status || PSA_ERROR_NOT_SUPPORTED == status)
		return;
	check(the, status);
	status = psa_sign_hash(id, algorithm, digest, PSA_HASH_LENGTH(hash), out, room, &written);
	psa_destroy_key(id);
	check(the, status);
	xsmcSetInteger(xsResult, (xsIntegerValue)written);
}

/**
 * The same with a key of the library's own. Whoever made it may have allowed random nonces only. KEY_REFUSED, too, if it isn't there any
 * more, or not for this.
 */
void xs_polltls_psaSignWith(xsMachine *the)
{
	Key *key = KEY(xsArg(0));
	xsIntegerValue kind = xsmcToInteger(xsArg(1));
	psa_algorithm_t hash = hashOf(the, xsmcToInteger(xsArg(2)));
	psa_algorithm_t algorithm = signatureOf(kind, hash);
	const uint8_t *digest = placeOf(the, &xsArg(3), 0, PSA_HASH_LENGTH(hash), 0);
	xsIntegerValue room = xsmcToInteger(xsArg(5));
	uint8_t *out = placeOf(the, &xsArg(4), 0, room, 1);
	size_t written = 0;
	psa_status_t status;

	if (PSA_ALG_IS_DETERMINISTIC_ECDSA(key->algorithm))
		algorithm = PSA_ALG_DETERMINISTIC_ECDSA(hash);
	status = psa_sign_hash(key->id, algorithm, digest, PSA_HASH_LENGTH(hash), out, room, &written);
	xsmcSetInteger(xsResult, KEY_REFUSED);
	if (PSA_ERROR_INVALID_HANDLE == status || PSA_ERROR_DOES_NOT_EXIST == status || PSA_ERROR_NOT_PERMITTED == status || PSA_ERROR_INVALID_ARGUMENT == status)
		return;
	check(the, status);
	xsmcSetInteger(xsResult, (xsIntegerValue)written);
}

/** Checks a signature of a digest: RIGHT, WRONG or KEY_REFUSED. */
void xs_polltls_psaVerify(xsMachine *the)
{
	xsIntegerValue kind = xsmcToInteger(xsArg(0));
	psa_algorithm_t hash = hashOf(the, xsmcToInteger(xsArg(1)));
	psa_algorithm_t algorithm = signatureOf(kind, hash);
	xsIntegerValue length = xsmcToInteger(xsArg(3));
	const uint8_t *bytes = placeOf(the, &xsArg(2), 0, length, 0);
	const uint8_t *digest = placeOf(the, &xsArg(4), 0, PSA_HASH_LENGTH(hash), 0);
	xsIntegerValue signatureLength = xsmcToInteger(xsArg(6));
	const uint8_t *signature = placeOf(the, &xsArg(5), 0, signatureLength, 0);
	psa_key_id_t id;
	psa_status_t status;

	status = importKey(ECDSA == kind ? PSA_KEY_TYPE_ECC_PUBLIC_KEY(PSA_ECC_FAMILY_SECP_R1) : PSA_KEY_TYPE_RSA_PUBLIC_KEY, algorithm, PSA_KEY_USAGE_VERIFY_HASH, bytes, length, &id);
	xsmcSetInteger(xsResult, KEY_REFUSED);
	if (PSA_ERROR_INVALID_ARGUMENT == status || PSA_ERROR_NOT_SUPPORTED == status)
		return;
	check(the, status);
	status = psa_verify_hash(id, algorithm, digest, PSA_HASH_LENGTH(hash), signature, signatureLength);
	psa_destroy_key(id);
	if (PSA_ERROR_INVALID_SIGNATURE != status && PSA_ERROR_INVALID_ARGUMENT != status) // the latter for numbers out of range
		check(the, status);
	xsmcSetInteger(xsResult, PSA_SUCCESS == status ? RIGHT : WRONG);
}
