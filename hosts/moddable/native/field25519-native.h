// The field of Curve25519 in words: numbers are below 2^256, which is 38 modulo 2^255 - 19; what goes beyond is folded, nothing is brought
// below the modulus. Results may be written over arguments.

#ifndef POLLTLS_FIELD25519
#define POLLTLS_FIELD25519

#include "words-native.h"

#define N 8
#define FOLD 38

typedef txU4 Number[N];

// r += small; answers the carry
static inline txU4 addSmall(Number r, txU4 small)
{
	int i;

	for (i = 0; i < N; i++) {
		txU8 s = (txU8)r[i] + small;
		r[i] = (txU4)s;
		small = (txU4)(s >> 32);
	}
	return small;
}

// r += top 2^256; what is there to add is of two words
static inline void fold(Number r, txU4 top)
{
	txU8 t = (txU8)top * FOLD;
	txU4 carry = 0, parts[N] = {(txU4)t, (txU4)(t >> 32)};
	int i;

	for (i = 0; i < N; i++) {
		txU8 s = (txU8)r[i] + parts[i] + carry;
		r[i] = (txU4)s;
		carry = (txU4)(s >> 32);
	}
	addSmall(r, carry * FOLD); // what is left is small after a carry
}

static inline void add(Number r, const Number a, const Number b)
{
	txU4 carry = 0;
	int i;

	for (i = 0; i < N; i++) {
		txU8 s = (txU8)a[i] + b[i] + carry;
		r[i] = (txU4)s;
		carry = (txU4)(s >> 32);
	}
	fold(r, carry);
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
	txU4 t[2 * N] = {0}, carry;
	int i, j;

	for (i = 0; i < N; i++) {
		carry = 0;
		for (j = 0; j < N; j++) {
			txU8 w = (txU8)a[j] * b[i] + t[i + j] + carry;
			t[i + j] = (txU4)w;
			carry = (txU4)(w >> 32);
		}
		t[i + N] = carry;
	}
	carry = 0;
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
