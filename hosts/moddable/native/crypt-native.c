// What the SDK's crypt leaves out: a copy of a running hash, places in place of views and new ArrayBuffers, HMAC of it, and
// ChaCha20 from any 32-bit counter (StreamCipher takes it as a signed number and spoils the nonce from 2^31 on).

#include "xsPlatform.h"
#include "xsmc.h"
#include "mc.xs.h"
#include "fips180.h"
#include "chacha.h"

// The layout of a Digest's chunk in the SDK's modCrypt.c; the suite's fork and HMAC cases fail if it changes.
typedef struct {
	xsSlot *reference;
	uint32_t digest;
	unsigned char context[];
} DigestChunk;

// Kinds of digests by numbers: 1, 256, 384, 512.
static size_t sizeOf(xsIntegerValue kind)
{
	return kind == 1 ? sizeof(struct sha1) : kind == 256 ? sizeof(struct sha256) : sizeof(struct sha512);
}

static xsUnsignedValue lengthOf(xsIntegerValue kind)
{
	return kind == 1 ? SHA1_DGSTSIZE : kind == 256 ? SHA256_DGSTSIZE : kind == 384 ? SHA384_DGSTSIZE : SHA512_DGSTSIZE;
}

static void update(xsIntegerValue kind, void *context, const void *bytes, uint32_t length)
{
	if (kind == 1)
		sha1_update(context, bytes, length);
	else if (kind == 256)
		sha256_update(context, bytes, length);
	else
		sha512_update(context, bytes, length);
}

static void finish(xsIntegerValue kind, void *context, uint8_t *out)
{
	if (kind == 1)
		sha1_fin(context, out);
	else if (kind == 256)
		sha256_fin(context, out);
	else if (kind == 384)
		sha384_fin(context, out);
	else
		sha512_fin(context, out);
}

static void create(xsIntegerValue kind, void *context)
{
	if (kind == 1)
		sha1_create(context);
	else if (kind == 256)
		sha256_create(context);
	else if (kind == 384)
		sha384_create(context);
	else
		sha512_create(context);
}

// The length bytes at at of an argument.
static uint8_t *placeOf(xsMachine *the, int index, xsIntegerValue at, xsIntegerValue length, int writable)
{
	void *data;
	xsUnsignedValue size;

	if (writable)
		xsmcGetBufferWritable(xsArg(index), &data, &size);
	else
		xsmcGetBufferReadable(xsArg(index), &data, &size);
	if (at < 0 || length < 0 || (xsUnsignedValue)length > size || (xsUnsignedValue)at > size - length)
		xsRangeError("no such place");
	return (uint8_t *)data + at;
}

void xs_polltls_copyDigest(xsMachine *the)
{
	DigestChunk *to = xsmcGetHostChunk(xsArg(0));
	DigestChunk *from = xsmcGetHostChunk(xsArg(1));

	if (to->digest != from->digest)
		xsUnknownError("digests of two kinds");
	c_memcpy(to->context, from->context, sizeOf(xsmcToInteger(xsArg(2))));
}

void xs_polltls_updateDigest(xsMachine *the)
{
	DigestChunk *digest = xsmcGetHostChunk(xsArg(0));
	xsIntegerValue at = xsmcToInteger(xsArg(3)), length = xsmcToInteger(xsArg(4)) - at;

	update(xsmcToInteger(xsArg(1)), digest->context, placeOf(the, 2, at, length, 0), length);
}

void xs_polltls_finishDigest(xsMachine *the)
{
	DigestChunk *digest = xsmcGetHostChunk(xsArg(0));
	xsIntegerValue kind = xsmcToInteger(xsArg(1));

	finish(kind, digest->context, placeOf(the, 2, xsmcToInteger(xsArg(3)), lengthOf(kind), 1));
}

void xs_polltls_startHmac(xsMachine *the)
{
	DigestChunk *work = xsmcGetHostChunk(xsArg(0)), *inner = xsmcGetHostChunk(xsArg(1)), *outer = xsmcGetHostChunk(xsArg(2));
	xsIntegerValue kind = xsmcToInteger(xsArg(3)), at = xsmcToInteger(xsArg(5)), length = xsmcToInteger(xsArg(6)) - at;
	uint8_t *key = placeOf(the, 4, at, length, 0);
	uint8_t block[SHA512_BLKSIZE] = { 0 };
	xsIntegerValue i, size = kind <= 256 ? SHA256_BLKSIZE : SHA512_BLKSIZE;

	if (length > size) {
		create(kind, work->context);
		update(kind, work->context, key, length);
		finish(kind, work->context, block);
	}
	else
		c_memcpy(block, key, length);
	for (i = 0; i < size; i++)
		block[i] ^= 0x36;
	create(kind, inner->context);
	update(kind, inner->context, block, size);
	for (i = 0; i < size; i++)
		block[i] ^= 0x36 ^ 0x5c;
	create(kind, outer->context);
	update(kind, outer->context, block, size);
	c_memset(block, 0, sizeof(block));
	c_memcpy(work->context, inner->context, sizeOf(kind));
}

void xs_polltls_finishHmac(xsMachine *the)
{
	DigestChunk *work = xsmcGetHostChunk(xsArg(0)), *inner = xsmcGetHostChunk(xsArg(1)), *outer = xsmcGetHostChunk(xsArg(2));
	xsIntegerValue kind = xsmcToInteger(xsArg(3));
	uint8_t *out = placeOf(the, 4, xsmcToInteger(xsArg(5)), lengthOf(kind), 1);

	finish(kind, work->context, out);
	c_memcpy(work->context, outer->context, sizeOf(kind));
	update(kind, work->context, out, lengthOf(kind));
	finish(kind, work->context, out);
	c_memcpy(work->context, inner->context, sizeOf(kind));
}

void xs_polltls_maskChaCha(xsMachine *the)
{
	static const uint8_t zeros[5] = { 0, 0, 0, 0, 0 };
	void *data;
	xsUnsignedValue size;
	uint8_t *sample;
	chacha_ctx context;
	uint8_t mask[5];
	xsIntegerValue at = xsmcToInteger(xsArg(2));
	uint64_t counter;

	xsmcGetBufferReadable(xsArg(0), &data, &size);
	if (size < 32)
		xsRangeError("key too short");
	chacha_keysetup(&context, data, 32);
	xsmcGetBufferReadable(xsArg(1), &data, &size);
	if (at < 0 || size < 16 || (xsUnsignedValue)at > size - 16)
		xsRangeError("sample too short");
	sample = (uint8_t *)data + at;
	counter = sample[0] | ((uint32_t)sample[1] << 8) | ((uint32_t)sample[2] << 16) | ((uint32_t)sample[3] << 24);
	chacha_ivsetup(&context, sample + 4, 12, counter);
	chacha_process(zeros, mask, 5, &context);
	c_memset(&context, 0, sizeof(context));
	xsmcGetBufferWritable(xsArg(3), &data, &size);
	if (size < 5)
		xsRangeError("no room for the mask");
	c_memcpy(data, mask, 5);
}
