// AES-CCM (RFC 3610, RFC 6655) in place on the AES of the SDK's crypt: one call for a record, nothing is allocated. The
// expanded key is an array of the caller's, who overwrites it in the end.

#include "xsPlatform.h"
#include "xsmc.h"
#include "mc.xs.h"
#include "fips197.h"

#define BLOCK 16
#define NONCE 12

typedef struct {
	uint32_t rounds;
	uint32_t subkey[60];
} Schedule;

static Schedule *scheduleOf(xsMachine *the)
{
	void *data;
	xsUnsignedValue size;

	xsmcGetBufferWritable(xsArg(0), &data, &size);
	if (size < sizeof(Schedule) || ((uintptr_t)data & 3))
		xsRangeError("no room for an expanded key");
	return data;
}

void xs_polltls_aesExpand(xsMachine *the)
{
	Schedule *schedule = scheduleOf(the);
	void *key;
	xsUnsignedValue size;
	xsIntegerValue at = xsmcToInteger(xsArg(2)), length = xsmcToInteger(xsArg(3));

	xsmcGetBufferReadable(xsArg(1), &key, &size);
	if ((16 != length && 32 != length) || at < 0 || size < (xsUnsignedValue)length || (xsUnsignedValue)at > size - length)
		xsRangeError("bad key");
	schedule->rounds = length / 4 + 6;
	aes_keysched((uint8_t *)key + at, length / 4, 4, schedule->rounds, aes_cipher_encryption, schedule->subkey);
}

static void encrypt(Schedule *schedule, const uint8_t *in, uint8_t *out)
{
	aes_encrypt4(in, out, schedule->rounds, schedule->subkey);
}

// A whole block in four words, which need not stand where words may: nearly all blocks are whole.
static void mix(uint8_t *block, const uint8_t *other, xsUnsignedValue count)
{
	uint32_t one[BLOCK / 4], two[BLOCK / 4];
	xsUnsignedValue i;

	if (BLOCK == count) {
		c_memcpy(one, block, BLOCK);
		c_memcpy(two, other, BLOCK);
		for (i = 0; i < BLOCK / 4; i++)
			one[i] ^= two[i];
		c_memcpy(block, one, BLOCK);
	}
	else
		for (i = 0; i < count; i++)
			block[i] ^= other[i];
}

// The state becomes E(state ^ block), the block filled up with zeros.
static void chain(Schedule *schedule, uint8_t *state, const uint8_t *bytes, xsUnsignedValue count)
{
	mix(state, bytes, count);
	encrypt(schedule, state, state);
}

// RFC 3610 2.2: the first block, and additional data behind its length in 2 bytes. 3 bytes are for the text's length.
static void begin(Schedule *schedule, uint8_t *state, const uint8_t *nonce, xsUnsignedValue tag, const uint8_t *additional, xsUnsignedValue count, xsUnsignedValue length)
{
	uint8_t block[BLOCK];
	xsUnsignedValue use = count < BLOCK - 2 ? count : BLOCK - 2;

	state[0] = (count ? 0x40 : 0) | (((tag - 2) / 2) << 3) | 2;
	c_memcpy(state + 1, nonce, NONCE);
	state[13] = length >> 16;
	state[14] = length >> 8;
	state[15] = length;
	encrypt(schedule, state, state);
	if (!count)
		return;
	block[0] = count >> 8;
	block[1] = count;
	c_memcpy(block + 2, additional, use);
	chain(schedule, state, block, 2 + use);
	for (; use < count; use += BLOCK)
		chain(schedule, state, additional + use, count - use < BLOCK ? count - use : BLOCK);
}

// Arguments: schedule, tag's length, nonce, additional data, its length, bytes, at, end, whether to seal. The text ends
// at end, or, if it is opened, where the tag begins. Answers whether the tag is right.
void xs_polltls_aesCcm(xsMachine *the)
{
	uint8_t state[BLOCK], counter[BLOCK], stream[BLOCK], difference = 0;
	Schedule *schedule = scheduleOf(the);
	xsIntegerValue tag = xsmcToInteger(xsArg(1)), count = xsmcToInteger(xsArg(4));
	xsIntegerValue at = xsmcToInteger(xsArg(6)), end = xsmcToInteger(xsArg(7));
	int seal = xsmcToBoolean(xsArg(8));
	void *nonce, *additional, *bytes;
	xsUnsignedValue nonceSize, additionalSize, size, length, use, i;
	uint8_t *text;

	xsmcGetBufferReadable(xsArg(2), &nonce, &nonceSize);
	xsmcGetBufferReadable(xsArg(3), &additional, &additionalSize);
	xsmcGetBufferWritable(xsArg(5), &bytes, &size);
	if (10 != schedule->rounds && 14 != schedule->rounds)
		xsUnknownError("CCM: no key");
	if ((16 != tag && 8 != tag) || nonceSize < NONCE || count < 0 || (xsUnsignedValue)count > additionalSize || count >= 0xff00)
		xsRangeError("CCM: bad arguments");
	if (seal)
		end += tag;
	if (at < 0 || end < tag || at > end - tag || (xsUnsignedValue)end > size || end - at > 0xffffff)
		xsRangeError("CCM: bad place");
	text = (uint8_t *)bytes + at;
	length = end - tag - at;

	counter[0] = 2;
	c_memcpy(counter + 1, nonce, NONCE);
	counter[13] = counter[14] = counter[15] = 0;
	begin(schedule, state, nonce, tag, additional, count, length);
	for (; length; length -= use, text += use) {
		use = length < BLOCK ? length : BLOCK;
		if (!++counter[15] && !++counter[14])
			++counter[13];
		encrypt(schedule, counter, stream);
		if (seal)
			chain(schedule, state, text, use);
		mix(text, stream, use);
		if (!seal)
			chain(schedule, state, text, use);
	}
	counter[13] = counter[14] = counter[15] = 0;
	encrypt(schedule, counter, stream);
	for (i = 0; i < (xsUnsignedValue)tag; i++) {
		state[i] ^= stream[i];
		if (seal)
			text[i] = state[i];
		else
			difference |= state[i] ^ text[i];
	}
	xsmcSetBoolean(xsResult, 0 == difference);
	c_memset(state, 0, BLOCK);
	c_memset(stream, 0, BLOCK);
}
