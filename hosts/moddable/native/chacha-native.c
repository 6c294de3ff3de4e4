// ChaCha20-Poly1305 (RFC 8439 2.8) in place on the ChaCha20 of the SDK's crypt: one call for a record, nothing is allocated.

#include "xsPlatform.h"
#include "xsmc.h"
#include "mc.xs.h"
#include "chacha.h"
#include "record-native.h"

#define KEY 32
#define BLOCK 16
#define LIMB 0x3ffffff

// Numbers modulo 2^130 - 5 in limbs of 26 bits, the lowest first.
typedef struct {
	uint32_t r[5], h[5];
} Poly1305;

static uint32_t word(const uint8_t *bytes)
{
	return bytes[0] | ((uint32_t)bytes[1] << 8) | ((uint32_t)bytes[2] << 16) | ((uint32_t)bytes[3] << 24);
}

// 2.5: r, clamped
static void start(Poly1305 *poly, const uint8_t *key)
{
	poly->r[0] = word(key) & 0x3ffffff;
	poly->r[1] = (word(key + 3) >> 2) & 0x3ffff03;
	poly->r[2] = (word(key + 6) >> 4) & 0x3ffc0ff;
	poly->r[3] = (word(key + 9) >> 6) & 0x3f03fff;
	poly->r[4] = (word(key + 12) >> 8) & 0x00fffff;
	c_memset(poly->h, 0, sizeof(poly->h));
}

// h = (h + block + 2^128) r, but for a few bits above 2^130
static void absorb(Poly1305 *poly, const uint8_t *block)
{
	const uint32_t *r = poly->r;
	uint32_t *h = poly->h;
	uint32_t s1 = r[1] * 5, s2 = r[2] * 5, s3 = r[3] * 5, s4 = r[4] * 5;
	uint32_t h0 = h[0] + (word(block) & LIMB);
	uint32_t h1 = h[1] + ((word(block + 3) >> 2) & LIMB);
	uint32_t h2 = h[2] + ((word(block + 6) >> 4) & LIMB);
	uint32_t h3 = h[3] + (word(block + 9) >> 6);
	uint32_t h4 = h[4] + ((word(block + 12) >> 8) | 0x1000000);
	uint64_t d0 = (uint64_t)h0 * r[0] + (uint64_t)h1 * s4 + (uint64_t)h2 * s3 + (uint64_t)h3 * s2 + (uint64_t)h4 * s1;
	uint64_t d1 = (uint64_t)h0 * r[1] + (uint64_t)h1 * r[0] + (uint64_t)h2 * s4 + (uint64_t)h3 * s3 + (uint64_t)h4 * s2;
	uint64_t d2 = (uint64_t)h0 * r[2] + (uint64_t)h1 * r[1] + (uint64_t)h2 * r[0] + (uint64_t)h3 * s4 + (uint64_t)h4 * s3;
	uint64_t d3 = (uint64_t)h0 * r[3] + (uint64_t)h1 * r[2] + (uint64_t)h2 * r[1] + (uint64_t)h3 * r[0] + (uint64_t)h4 * s4;
	uint64_t d4 = (uint64_t)h0 * r[4] + (uint64_t)h1 * r[3] + (uint64_t)h2 * r[2] + (uint64_t)h3 * r[1] + (uint64_t)h4 * r[0];

	d1 += d0 >> 26;
	d2 += d1 >> 26;
	d3 += d2 >> 26;
	d4 += d3 >> 26;
	h0 = ((uint32_t)d0 & LIMB) + (uint32_t)(d4 >> 26) * 5;
	h[0] = h0 & LIMB;
	h[1] = ((uint32_t)d1 & LIMB) + (h0 >> 26);
	h[2] = (uint32_t)d2 & LIMB;
	h[3] = (uint32_t)d3 & LIMB;
	h[4] = (uint32_t)d4 & LIMB;
}

// 2.8: bytes and zeros up to a whole block
static void absorbAll(Poly1305 *poly, const uint8_t *bytes, xsUnsignedValue count)
{
	uint8_t last[BLOCK] = { 0 };

	for (; count >= BLOCK; count -= BLOCK, bytes += BLOCK)
		absorb(poly, bytes);
	if (!count)
		return;
	c_memcpy(last, bytes, count);
	absorb(poly, last);
}

// (h mod 2^130 - 5) + s, the tag
static void finish(Poly1305 *poly, const uint8_t *s, uint8_t *tag)
{
	uint32_t *h = poly->h;
	uint32_t g[5], carry, mask, i, round;
	uint64_t sum = 0;

	for (round = 0; round < 2; round++) {
		for (i = 0, carry = 0; i < 5; i++) {
			h[i] += carry;
			carry = h[i] >> 26;
			h[i] &= LIMB;
		}
		h[0] += carry * 5;
	}
	// h - p = h + 5 - 2^130, taken if it isn't negative
	for (i = 0, carry = 5; i < 5; i++) {
		g[i] = h[i] + carry;
		carry = g[i] >> 26;
		g[i] &= LIMB;
	}
	mask = 0 - carry;
	for (i = 0; i < 5; i++)
		h[i] = (h[i] & ~mask) | (g[i] & mask);
	g[0] = h[0] | (h[1] << 26);
	g[1] = (h[1] >> 6) | (h[2] << 20);
	g[2] = (h[2] >> 12) | (h[3] << 14);
	g[3] = (h[3] >> 18) | (h[4] << 8);
	for (i = 0; i < 4; i++) {
		sum += (uint64_t)g[i] + word(s + 4 * i);
		tag[4 * i] = (uint8_t)sum;
		tag[4 * i + 1] = (uint8_t)(sum >> 8);
		tag[4 * i + 2] = (uint8_t)(sum >> 16);
		tag[4 * i + 3] = (uint8_t)(sum >> 24);
		sum >>= 32;
	}
	forget(g, sizeof(g));
}

// Of what goes into a record 2^24 bytes at the most
static void absorbLengths(Poly1305 *poly, xsUnsignedValue count, xsUnsignedValue length)
{
	uint8_t block[BLOCK] = { 0 };
	xsUnsignedValue i;

	for (i = 0; i < 4; i++) {
		block[i] = (uint8_t)(count >> (8 * i));
		block[8 + i] = (uint8_t)(length >> (8 * i));
	}
	absorb(poly, block);
}

// Answers whether the tag is right; where it isn't, the text stays as it came.
void xs_polltls_chachaPoly1305(xsMachine *the)
{
	uint8_t first[64] = { 0 }, tag[BLOCK];
	Record record;
	chacha_ctx chacha;
	Poly1305 poly;
	xsUnsignedValue size;
	void *key;
	int right;

	takeRecord(the, &record);
	xsmcGetBufferReadable(xsArg(0), &key, &size);
	if (size < KEY || BLOCK != record.tag)
		xsRangeError("ChaCha20-Poly1305: bad arguments");
	chacha_keysetup(&chacha, key, KEY);
	chacha_ivsetup(&chacha, record.nonce, NONCE, 0);
	// 2.6: the one-time key begins block 0; the text's stream begins with block 1
	chacha_process(first, first, sizeof(first), &chacha);
	start(&poly, first);
	if (record.seal)
		chacha_process(record.text, record.text, record.length, &chacha);
	absorbAll(&poly, record.additional, record.count);
	absorbAll(&poly, record.text, record.length);
	absorbLengths(&poly, record.count, record.length);
	finish(&poly, first + 16, tag);
	right = tagRecord(&record, tag);
	if (!record.seal && right)
		chacha_process(record.text, record.text, record.length, &chacha);
	xsmcSetBoolean(xsResult, right);
	forget(&chacha, sizeof(chacha));
	forget(&poly, sizeof(poly));
	forget(first, sizeof(first));
	forget(tag, sizeof(tag));
}
