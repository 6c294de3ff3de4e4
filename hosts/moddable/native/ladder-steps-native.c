// What modules/crypto/public-key/ladder-steps does, in words of 32 bits on the C stack. All of it takes the same steps whatever the numbers
// are. Nothing is allocated but the BigInts that come out.
//
// Numbers are below 2^256, which is 38 modulo 2^255 - 19: what goes beyond is folded, nothing is brought below the modulus.

#include "words-native.h"

#define N 8
#define FOLD 38
#define A24 121665 /* (486662 - 2) / 4 */

typedef txU4 Number[N];

// r += small; answers the carry
static txU4 addSmall(Number r, txU4 small)
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
static void fold(Number r, txU4 top)
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

static void add(Number r, const Number a, const Number b)
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

static void subtract(Number r, const Number a, const Number b)
{
	Number less = {FOLD};
	txU4 borrow = minus(r, a, b, N);

	less[0] &= 0 - borrow;
	borrow = minus(r, r, less, N);
	r[0] -= FOLD & (0 - borrow); // it was below 38, so that it is above now
}

static void multiply(Number r, const Number a, const Number b)
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

// r = a + A24 b
static void addA24(Number r, const Number a, const Number b)
{
	txU4 carry = 0;
	int i;

	for (i = 0; i < N; i++) {
		txU8 w = (txU8)b[i] * A24 + a[i] + carry;
		r[i] = (txU4)w;
		carry = (txU4)(w >> 32);
	}
	fold(r, carry);
}

typedef struct {
	Number u1, x2, z2, x3, z3;
} Points;

// The formulas are those of modules/crypto/public-key/ladder-steps
static void climb(Points *p, txU4 change)
{
	Number a, b, c, d, e;
	const txU4 mask = 0 - change;

	add(a, p->x2, p->z2);
	subtract(b, p->x2, p->z2);
	add(c, p->x3, p->z3);
	subtract(d, p->x3, p->z3);
	multiply(p->x3, d, a);
	multiply(p->z3, c, b);
	choose(a, a, c, mask, N);
	choose(b, b, d, mask, N);
	multiply(a, a, a);
	multiply(b, b, b);
	multiply(p->x2, a, b);
	subtract(e, a, b);
	addA24(a, a, e);
	multiply(p->z2, a, e);
	add(c, p->x3, p->z3);
	subtract(d, p->x3, p->z3);
	multiply(p->x3, c, c);
	multiply(d, d, d);
	multiply(p->z3, d, p->u1);
}

static void load(xsMachine *the, Number number, xsIdentifier id)
{
	txBigInt *found;

	xsmcGet(xsVar(0), xsArg(0), id);
	found = bigintOf(the, &xsVar(0));
	if (found->sign)
		xsRangeError("a negative number");
	copyWords(the, number, N, found);
}

void xs_polltls_climb25519(xsMachine *the)
{
	xsIntegerValue bit = xsmcToInteger(xsArg(2)), count = xsmcToInteger(xsArg(3));
	txU1 changes[N * 4];
	Points points;
	void *data;
	xsUnsignedValue size;

	xsmcVars(1);
	xsmcGetBufferReadable(xsArg(1), &data, &size);
	if (size < sizeof(changes) || bit >= 8 * (int)sizeof(changes))
		xsRangeError("no such bit");
	c_memcpy(changes, data, sizeof(changes));
	load(the, points.u1, xsID_u1);
	load(the, points.x2, xsID_x2);
	load(the, points.z2, xsID_z2);
	load(the, points.x3, xsID_x3);
	load(the, points.z3, xsID_z3);
	for (; count > 0 && bit >= 0; count--, bit--)
		climb(&points, (changes[bit >> 3] >> (bit & 7)) & 1);
	setNumber(the, &xsArg(0), xsID_x2, points.x2, N);
	setNumber(the, &xsArg(0), xsID_z2, points.z2, N);
	setNumber(the, &xsArg(0), xsID_x3, points.x3, N);
	setNumber(the, &xsArg(0), xsID_z3, points.z3, N);
	wipe(&points, sizeof(points));
	wipe(changes, sizeof(changes));
}
