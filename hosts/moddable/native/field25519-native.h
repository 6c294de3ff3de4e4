// The field of Curve25519 in words: numbers are below 2^256, which is 38 modulo 2^255 - 19; what goes beyond is folded, nothing is brought
// below the modulus. Results may be written over arguments.

#ifndef POLLTLS_FIELD25519
#define POLLTLS_FIELD25519

#include "words-native.h"

#define N 8
#define FOLD 38

typedef txU4 Number[N];

// r += top 2^256; what is there to add is of two words
static inline void fold(Number r, txU4 top)
{
	txU8 t = (txU8)top * FOLD;
	const Number parts = {(txU4)t, (txU4)(t >> 32)};
	Number rest = {0};

	rest[0] = plus(r, r, parts, N) * FOLD;
	plus(r, r, rest, N); // after a carry r is small: none comes again
}

static inline void add(Number r, const Number a, const Number b)
{
	fold(r, plus(r, a, b, N));
}

static inline void subtract(Number r, const Number a, const Number b)
{
	Number less = {FOLD};
	txU4 borrow = minus(r, a, b, N);

	less[0] &= 0 - borrow;
	borrow = minus(r, r, less, N);
	r[0] -= FOLD & (0 - borrow); // it was below 38, so that it is above now
}

static inline void multiply(Number r, const Number a, const Number b)
{
	txU4 t[2 * N], carry = 0;
	int i;

	product(t, a, b, N);
	for (i = 0; i < N; i++) {
		txU8 w = (txU8)t[i + N] * FOLD + t[i] + carry;
		r[i] = (txU4)w;
		carry = (txU4)(w >> 32);
	}
	fold(r, carry);
}

// A property, or an argument: a number of up to 2^288, of either sign.
static inline void loadNumber(xsMachine *the, Number out, xsSlot *slot)
{
	txBigInt *number = bigintOf(the, slot);
	const Number zero = {0};
	Number negative;
	txU4 words[N + 1];

	copyWords(the, words, N + 1, number);
	fold(words, words[N]);
	subtract(negative, zero, words);
	choose(out, words, negative, 0 - (txU4)number->sign, N);
}

static inline void loadProperty(xsMachine *the, Number out, xsSlot *object, xsIdentifier id)
{
	xsmcGet(xsVar(0), *object, id);
	loadNumber(the, out, &xsVar(0));
}

#endif
