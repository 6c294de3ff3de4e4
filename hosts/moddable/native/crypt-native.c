// What the SDK's crypt leaves out: a copy of a running hash, and ChaCha20 from any 32-bit counter (StreamCipher takes
// it as a signed number and spoils the nonce from 2^31 on).

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

void xs_polltls_copyDigest(xsMachine *the)
{
	DigestChunk *to = xsmcGetHostChunk(xsArg(0));
	DigestChunk *from = xsmcGetHostChunk(xsArg(1));
	xsIntegerValue kind = xsmcToInteger(xsArg(2));
	size_t size = kind == 1 ? sizeof(struct sha1) : kind == 256 ? sizeof(struct sha256) : sizeof(struct sha512);

	if (to->digest != from->digest)
		xsUnknownError("digests of two kinds");
	c_memcpy(to->context, from->context, size);
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
