// AES-CCM (RFC 3610, RFC 6655) and AES-GCM (NIST SP 800-38D, RFC 5116) in place on the AES of the SDK's crypt: one call for a
// record, nothing is allocated. The expanded key is an array of the caller's, who overwrites it in the end.

#include "xsPlatform.h"
#include "xsmc.h"
#include "mc.xs.h"
#include "fips197.h"
#include "ghash-native.h"
#include "record-native.h"

#define BLOCK 16

typedef struct {
	uint32_t rounds;
	uint32_t subkey[60];
	// The hash key of GCM, its last word first.
	uint32_t hash[4];
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

static void encrypt(Schedule *schedule, const uint8_t *in, uint8_t *out)
{
	aes_encrypt4(in, out, schedule->rounds, schedule->subkey);
}

void xs_polltls_aesExpand(xsMachine *the)
{
	Schedule *schedule = scheduleOf(the);
	uint8_t block[BLOCK] = { 0 };
	void *key;
	xsUnsignedValue size;
	xsIntegerValue i, at = xsmcToInteger(xsArg(2)), length = xsmcToInteger(xsArg(3));

	xsmcGetBufferReadable(xsArg(1), &key, &size);
	if ((16 != length && 32 != length) || at < 0 || size < (xsUnsignedValue)length || (xsUnsignedValue)at > size - length)
		xsRangeError("bad key");
	schedule->rounds = length / 4 + 6;
	aes_keysched((uint8_t *)key + at, length / 4, 4, schedule->rounds, aes_cipher_encryption, schedule->subkey);
	encrypt(schedule, block, block);
	for (i = 0; i < 4; i++)
		schedule->hash[3 - i] = ((uint32_t)block[4 * i] << 24) | ((uint32_t)block[4 * i + 1] << 16) | ((uint32_t)block[4 * i + 2] << 8) | block[4 * i + 3];
	forget(block, BLOCK);
}

// The next counter block: no text is so long that more than 3 of its bytes change.
static void advance(uint8_t *counter)
{
	if (!++counter[15] && !++counter[14])
		++counter[13];
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

// The key that AesNative.expand has made.
static Schedule *keyOf(xsMachine *the)
{
	Schedule *schedule = scheduleOf(the);

	if (10 != schedule->rounds && 14 != schedule->rounds)
		xsUnknownError("AES: no key");
	return schedule;
}

// Answers whether the tag is right.
void xs_polltls_aesCcm(xsMachine *the)
{
	uint8_t state[BLOCK], counter[BLOCK], stream[BLOCK];
	Record record;
	Schedule *schedule;
	xsUnsignedValue length, use;
	uint8_t *text;

	takeRecord(the, &record);
	schedule = keyOf(the);
	text = record.text;
	counter[0] = 2;
	c_memcpy(counter + 1, record.nonce, NONCE);
	counter[13] = counter[14] = counter[15] = 0;
	begin(schedule, state, record.nonce, record.tag, record.additional, record.count, record.length);
	for (length = record.length; length; length -= use, text += use) {
		use = length < BLOCK ? length : BLOCK;
		advance(counter);
		encrypt(schedule, counter, stream);
		if (record.seal)
			chain(schedule, state, text, use);
		mix(text, stream, use);
		if (!record.seal)
			chain(schedule, state, text, use);
	}
	counter[13] = counter[14] = counter[15] = 0;
	encrypt(schedule, counter, stream);
	mix(state, stream, BLOCK);
	xsmcSetBoolean(xsResult, tagRecord(&record, state));
	forget(state, BLOCK);
	forget(stream, BLOCK);
}

// SP 800-38D 6.5: the text, encrypted or decrypted.
static void addStream(Schedule *schedule, Record *record, uint8_t *counter, uint8_t *stream)
{
	xsUnsignedValue length = record->length, use;
	uint8_t *text = record->text;

	for (; length; length -= use, text += use) {
		use = length < BLOCK ? length : BLOCK;
		advance(counter);
		encrypt(schedule, counter, stream);
		mix(text, stream, use);
	}
}

// Answers whether the tag is right; where it isn't, the text stays as it came.
void xs_polltls_aesGcm(xsMachine *the)
{
	uint8_t counter[BLOCK], stream[BLOCK], tag[BLOCK];
	Record record;
	Schedule *schedule;
	Ghash ghash;
	xsUnsignedValue i;
	int right;

	takeRecord(the, &record);
	schedule = keyOf(the);
	if (BLOCK != record.tag)
		xsRangeError("GCM: bad arguments");
	c_memcpy(counter, record.nonce, NONCE);
	counter[12] = counter[13] = counter[14] = 0;
	counter[15] = 1;
	encrypt(schedule, counter, tag);
	if (record.seal)
		addStream(schedule, &record, counter, stream);
	ghashStart(&ghash, schedule->hash);
	ghashBytes(&ghash, record.additional, record.count);
	ghashBytes(&ghash, record.text, record.length);
	ghashBlock(&ghash, (uint64_t)record.count << 3, (uint64_t)record.length << 3);
	for (i = 0; i < BLOCK; i++)
		tag[i] ^= (uint8_t)((i < 8 ? ghash.high : ghash.low) >> (56 - 8 * (i & 7)));
	right = tagRecord(&record, tag);
	if (!record.seal && right)
		addStream(schedule, &record, counter, stream);
	xsmcSetBoolean(xsResult, right);
	forget(&ghash, sizeof(ghash));
	forget(tag, BLOCK);
	forget(stream, BLOCK);
}
