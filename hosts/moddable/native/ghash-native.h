// GHASH (NIST SP 800-38D 6.4) without a branch or an index that depends on a secret. For aes-native.c.
//
// Products without carries are made of the processor's own: of each factor only every fourth bit is taken at a time, so that a
// sum of at most eight ones has three bits of room above it, and its lowest bit is what the sum is without carries.

typedef struct {
	// The hash key's words, the last one of its bytes first, and the sums that Karatsuba's products take.
	uint32_t key[9];
	// The bytes so far, first half and last half.
	uint64_t high, low;
} Ghash;

static void ghashStart(Ghash *ghash, const uint32_t *h)
{
	uint32_t *key = ghash->key;

	key[0] = h[0];
	key[1] = h[1];
	key[2] = h[2];
	key[3] = h[3];
	key[4] = h[0] ^ h[1];
	key[5] = h[2] ^ h[3];
	key[6] = h[0] ^ h[2];
	key[7] = h[1] ^ h[3];
	key[8] = key[4] ^ key[5];
	ghash->high = ghash->low = 0;
}

static uint64_t ghashProduct(uint32_t x, uint32_t y)
{
	uint32_t x0 = x & 0x11111111, x1 = x & 0x22222222, x2 = x & 0x44444444, x3 = x & 0x88888888;
	uint32_t y0 = y & 0x11111111, y1 = y & 0x22222222, y2 = y & 0x44444444, y3 = y & 0x88888888;
	uint64_t z0 = ((uint64_t)x0 * y0) ^ ((uint64_t)x1 * y3) ^ ((uint64_t)x2 * y2) ^ ((uint64_t)x3 * y1);
	uint64_t z1 = ((uint64_t)x0 * y1) ^ ((uint64_t)x1 * y0) ^ ((uint64_t)x2 * y3) ^ ((uint64_t)x3 * y2);
	uint64_t z2 = ((uint64_t)x0 * y2) ^ ((uint64_t)x1 * y1) ^ ((uint64_t)x2 * y0) ^ ((uint64_t)x3 * y3);
	uint64_t z3 = ((uint64_t)x0 * y3) ^ ((uint64_t)x1 * y2) ^ ((uint64_t)x2 * y1) ^ ((uint64_t)x3 * y0);

	return (z0 & 0x1111111111111111ULL) | (z1 & 0x2222222222222222ULL) | (z2 & 0x4444444444444444ULL) | (z3 & 0x8888888888888888ULL);
}

static uint64_t ghashWord(const uint8_t *bytes)
{
	uint32_t high = ((uint32_t)bytes[0] << 24) | ((uint32_t)bytes[1] << 16) | ((uint32_t)bytes[2] << 8) | bytes[3];
	uint32_t low = ((uint32_t)bytes[4] << 24) | ((uint32_t)bytes[5] << 16) | ((uint32_t)bytes[6] << 8) | bytes[7];

	return ((uint64_t)high << 32) | low;
}

// (what was hashed ^ this block) * h
static void ghashBlock(Ghash *ghash, uint64_t blockHigh, uint64_t blockLow)
{
	const uint32_t *key = ghash->key;
	uint64_t high = ghash->high ^ blockHigh, low = ghash->low ^ blockLow;
	uint32_t y0 = (uint32_t)low, y1 = (uint32_t)(low >> 32), y2 = (uint32_t)high, y3 = (uint32_t)(high >> 32);
	uint64_t p0 = ghashProduct(y0, key[0]), p1 = ghashProduct(y1, key[1]), p2 = ghashProduct(y2, key[2]), p3 = ghashProduct(y3, key[3]);
	uint64_t p01 = ghashProduct(y0 ^ y1, key[4]) ^ p0 ^ p1;
	uint64_t p23 = ghashProduct(y2 ^ y3, key[5]) ^ p2 ^ p3;
	uint64_t p02 = ghashProduct(y0 ^ y2, key[6]), p13 = ghashProduct(y1 ^ y3, key[7]);
	uint64_t all = ghashProduct(y0 ^ y1 ^ y2 ^ y3, key[8]) ^ p02 ^ p13;
	uint64_t v0, v1, v2, v3, middleLow, middleHigh;

	// The halves' products, and from them that of 256 bits
	v0 = p0 ^ (p01 << 32);
	v1 = p1 ^ (p01 >> 32);
	v2 = p2 ^ (p23 << 32);
	v3 = p3 ^ (p23 >> 32);
	middleLow = p02 ^ (all << 32) ^ v0 ^ v2;
	middleHigh = p13 ^ (all >> 32) ^ v1 ^ v3;
	v1 ^= middleLow;
	v2 ^= middleHigh;
	// GCM's bits stand in the other order: the product is one bit too low
	v3 = (v3 << 1) | (v2 >> 63);
	v2 = (v2 << 1) | (v1 >> 63);
	v1 = (v1 << 1) | (v0 >> 63);
	v0 <<= 1;
	// modulo x^128 + x^7 + x^2 + x + 1
	v2 ^= v0 ^ (v0 >> 1) ^ (v0 >> 2) ^ (v0 >> 7);
	v1 ^= (v0 << 63) ^ (v0 << 62) ^ (v0 << 57);
	v3 ^= v1 ^ (v1 >> 1) ^ (v1 >> 2) ^ (v1 >> 7);
	v2 ^= (v1 << 63) ^ (v1 << 62) ^ (v1 << 57);
	ghash->high = v3;
	ghash->low = v2;
}

// Bytes, the last block filled up with zeros.
static void ghashBytes(Ghash *ghash, const uint8_t *bytes, uint32_t count)
{
	uint8_t last[16] = { 0 };

	for (; count >= 16; count -= 16, bytes += 16)
		ghashBlock(ghash, ghashWord(bytes), ghashWord(bytes + 8));
	if (!count)
		return;
	c_memcpy(last, bytes, count);
	ghashBlock(ghash, ghashWord(last), ghashWord(last + 8));
}
