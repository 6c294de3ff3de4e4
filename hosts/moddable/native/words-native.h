// Numbers in words of 32 bits, the lowest first, for arithmetic in C that takes the same steps whatever the numbers are; and BigInts
// as the engine has them (xsAll.h).

#ifndef POLLTLS_WORDS
#define POLLTLS_WORDS

#include "xsAll.h"
#include "xsmc.h"
#include "mc.xs.h"

// r = a - b; answers what is borrowed. r may be a or b, here and below.
static inline txU4 minus(txU4 *r, const txU4 *a, const txU4 *b, int n)
{
	txU4 borrow = 0;
	int i;

	for (i = 0; i < n; i++) {
		txU8 d = (txU8)a[i] - b[i] - borrow;
		r[i] = (txU4)d;
		borrow = (txU4)(d >> 63);
	}
	return borrow;
}

// r = a + b; answers the carry.
static inline txU4 plus(txU4 *r, const txU4 *a, const txU4 *b, int n)
{
	txU4 carry = 0;
	int i;

	for (i = 0; i < n; i++) {
		txU8 s = (txU8)a[i] + b[i] + carry;
		r[i] = (txU4)s;
		carry = (txU4)(s >> 32);
	}
	return carry;
}

// t = a b, of 2 n words; t is neither. Inline, because a loop with a count that the compiler knows takes half of the time.
static inline __attribute__((always_inline)) void product(txU4 *t, const txU4 *a, const txU4 *b, int n)
{
	int i, j;

	c_memset(t, 0, n * sizeof(txU4));
	for (i = 0; i < n; i++) {
		txU4 carry = 0;
		for (j = 0; j < n; j++) {
			txU8 w = (txU8)a[j] * b[i] + t[i + j] + carry;
			t[i + j] = (txU4)w;
			carry = (txU4)(w >> 32);
		}
		t[i + n] = carry;
	}
}

// r = a where mask is 0, b where it is all ones
static inline void choose(txU4 *r, const txU4 *a, const txU4 *b, txU4 mask, int n)
{
	int i;

	for (i = 0; i < n; i++)
		r[i] = a[i] ^ ((a[i] ^ b[i]) & mask);
}

// Of what is on the stack: through volatile, as a compiler leaves out what nobody reads any more.
static inline void wipe(void *bytes, int count)
{
	volatile txU1 *each = bytes;

	while (count-- > 0)
		*each++ = 0;
}

static inline txBigInt *bigintOf(xsMachine *the, xsSlot *slot)
{
	if (XS_BIGINT_KIND != slot->kind && XS_BIGINT_X_KIND != slot->kind)
		xsTypeError("no BigInt");
	return &slot->value.bigint;
}

// At the most n words of a number without its sign, with zeros above.
static inline void copyWords(xsMachine *the, txU4 *out, int n, txBigInt *number)
{
	if (number->size > n)
		xsRangeError("a number of too many words");
	c_memset(out, 0, n * sizeof(txU4));
	c_memcpy(out, number->data, number->size * sizeof(txU4));
}

static inline void setBigInt(xsMachine *the, xsSlot *slot, txU4 *words, int size)
{
	while (size > 1 && 0 == words[size - 1])
		size--; // the engine has no BigInts with leading zeros: one in 2^32 is shorter
	fxBigInt(the, slot, 0, size, words);
}

// Sets a property to a number, which isn't negative. xsVar(0) is used for it.
static inline void setNumber(xsMachine *the, xsSlot *object, xsIdentifier id, txU4 *words, int size)
{
	setBigInt(the, &xsVar(0), words, size);
	xsmcSet(*object, id, xsVar(0));
}

// The entry that four signed bits choose from a row (modules/crypto/public-key/curve, PointRow), all of which is read; answers how many words
// the longest one has. xsVar(0) is used.
static inline int chooseEntry(xsMachine *the, xsSlot *row, xsIntegerValue bits, txU4 *out, int words)
{
	const xsIdentifier names[8] = {xsID_e0, xsID_e1, xsID_e2, xsID_e3, xsID_e4, xsID_e5, xsID_e6, xsID_e7};
	const txU4 index = (txU4)(bits ^ ((bits >> 3) - 1));
	int i, j, most = 1;

	c_memset(out, 0, words * sizeof(txU4));
	for (i = 0; i < 8; i++) {
		// All ones where the index has all bits of i
		const txU4 mask = 0 - ((((i & ~index & 7) - 1) >> 31) & 1);
		txBigInt *entry;
		xsmcGet(xsVar(0), *row, names[i]);
		entry = bigintOf(the, &xsVar(0));
		if (entry->size > words)
			xsRangeError("an entry of too many words");
		for (j = 0; j < entry->size; j++)
			out[j] ^= entry->data[j] & mask;
		if (most < entry->size)
			most = entry->size;
	}
	return most;
}

#endif
