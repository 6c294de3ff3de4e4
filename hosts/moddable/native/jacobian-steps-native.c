// What modules/crypto/public-key/jacobian-steps does, in words of 32 bits on the C stack. All of it takes the same steps
// whatever the numbers are: a loop's count is that of the field's words, and what depends on a number is done by masks.
// Nothing is allocated but the BigInts that come out.

#include "words-native.h"

#define MOST 12 // words of P-384

// Which curve an affine point is on, as in modules/crypto/public-key/jacobian-steps
#define HERE 0
#define NAMED 1

typedef struct {
	int n; // words of a number
	txU4 p[MOST + 1]; // a zero above, to compare with what has a word more
	txU4 mu[MOST + 1]; // floor(2^(64 n) / p)
} Field;

// As modules/crypto/public-key/jacobian has them, each from 0 to p - 1
typedef struct {
	txU4 x[MOST], y[MOST], z[MOST], e[MOST];
} Sum;

// Takes p off, if r is p or more. Of n + 1 words.
static void once(const Field *f, txU4 *r)
{
	txU4 less[MOST + 1];
	txU4 below = minus(less, r, f->p, f->n + 1);

	choose(r, less, r, 0 - below, f->n + 1);
}

static void subtract(const Field *f, txU4 *r, const txU4 *a, const txU4 *b)
{
	static const txU4 zero[MOST] = {0};
	txU4 back[MOST];

	choose(back, zero, f->p, 0 - minus(r, a, b, f->n), f->n);
	plus(r, r, back, f->n);
}

static void add(const Field *f, txU4 *r, const txU4 *a, const txU4 *b)
{
	txU4 sum[MOST + 1];

	sum[f->n] = plus(sum, a, b, f->n);
	once(f, sum);
	c_memcpy(r, sum, f->n * sizeof(txU4));
}

// Barrett's reduction (Handbook of Applied Cryptography 14.42, and its note 14.44): of the product with mu the words below n - 1
// are left out. For p above half of 2^(32 n) what is left then is below 2 p + (n + 2) p / 2^32: twice p may have to be taken off.
static inline __attribute__((always_inline)) void multiplyWords(const Field *f, txU4 *r, const txU4 *a, const txU4 *b, const int n)
{
	txU4 t[2 * MOST], q[2 * MOST + 2], s[MOST + 1], carry;
	int i, j;

	product(t, a, b, n);
	c_memset(q, 0, (n + 2) * sizeof(txU4));
	for (i = 0; i <= n; i++) {
		const txU4 top = t[n - 1 + i];
		carry = 0;
		for (j = i < n - 1 ? n - 1 - i : 0; j <= n; j++) {
			txU8 w = (txU8)f->mu[j] * top + q[i + j] + carry;
			q[i + j] = (txU4)w;
			carry = (txU4)(w >> 32);
		}
		q[i + n + 1] = carry;
	}
	c_memset(s, 0, sizeof(s));
	for (i = 0; i <= n; i++) {
		const txU4 quotient = q[n + 1 + i];
		carry = 0;
		for (j = 0; j < n && i + j <= n; j++) {
			txU8 w = (txU8)f->p[j] * quotient + s[i + j] + carry;
			s[i + j] = (txU4)w;
			carry = (txU4)(w >> 32);
		}
		if (i + j <= n)
			s[i + j] += carry;
	}
	minus(s, t, s, n + 1);
	once(f, s);
	once(f, s);
	c_memcpy(r, s, n * sizeof(txU4));
}

// A loop with a count that the compiler knows takes half of the time.
static void multiply(const Field *f, txU4 *r, const txU4 *a, const txU4 *b)
{
	if (8 == f->n)
		multiplyWords(f, r, a, b, 8);
	else
		multiplyWords(f, r, a, b, f->n);
}

// A number of n + 1 words below 4 p, to be negated or not, as one from 0 to p.
static void reduceWords(const Field *f, txU4 *out, txU4 *words, txU4 isNegative)
{
	txU4 negative[MOST + 1];

	once(f, words);
	once(f, words);
	once(f, words);
	minus(negative, f->p, words, f->n);
	choose(out, words, negative, 0 - isNegative, f->n);
}

static void load(xsMachine *the, const Field *f, txU4 *out, xsSlot *slot)
{
	txBigInt *number = bigintOf(the, slot);
	txU4 words[MOST + 1];

	copyWords(the, words, f->n + 1, number);
	reduceWords(f, out, words, number->sign);
}

static void loadField(xsMachine *the, Field *f, xsSlot *field)
{
	txBigInt *number;

	xsmcGet(xsVar(0), *field, xsID_p);
	number = bigintOf(the, &xsVar(0));
	f->n = number->size;
	if (MOST < f->n)
		xsRangeError("no such field");
	copyWords(the, f->p, f->n + 1, number);
	xsmcGet(xsVar(0), *field, xsID_mu);
	copyWords(the, f->mu, f->n + 1, bigintOf(the, &xsVar(0)));
}

static void loadSum(xsMachine *the, const Field *f, Sum *sum)
{
	xsmcGet(xsVar(0), xsArg(0), xsID_x);
	load(the, f, sum->x, &xsVar(0));
	xsmcGet(xsVar(0), xsArg(0), xsID_y);
	load(the, f, sum->y, &xsVar(0));
	xsmcGet(xsVar(0), xsArg(0), xsID_z);
	load(the, f, sum->z, &xsVar(0));
	xsmcGet(xsVar(0), xsArg(0), xsID_e);
	load(the, f, sum->e, &xsVar(0));
}

static void storeSum(xsMachine *the, const Field *f, Sum *sum)
{
	setNumber(the, &xsArg(0), xsID_x, sum->x, f->n);
	setNumber(the, &xsArg(0), xsID_y, sum->y, f->n);
	setNumber(the, &xsArg(0), xsID_z, sum->z, f->n);
	setNumber(the, &xsArg(0), xsID_e, sum->e, f->n);
	wipe(sum, sizeof(Sum));
}

// "dbl-2001-b" of the Explicit-Formulas Database, with e in place of z^2
static void doubleTimes(const Field *f, Sum *sum, xsIntegerValue times)
{
	txU4 h[MOST], r[MOST], v[MOST], w[MOST];

	for (; times > 0; times--) {
		add(f, w, sum->y, sum->y);
		multiply(f, sum->z, sum->z, w);
		multiply(f, w, w, sum->y); // 2y^2
		add(f, h, w, w);
		multiply(f, v, sum->x, h); // 4xy^2
		multiply(f, w, w, h); // 8y^4
		subtract(f, r, sum->x, sum->e);
		add(f, sum->x, sum->x, sum->e);
		multiply(f, sum->x, sum->x, r);
		add(f, r, sum->x, sum->x);
		add(f, r, r, sum->x); // 3x^2 - 3c^2 z^4
		multiply(f, sum->e, sum->e, h);
		multiply(f, sum->x, r, r);
		subtract(f, sum->x, sum->x, v);
		subtract(f, sum->x, sum->x, v);
		subtract(f, v, v, sum->x);
		multiply(f, v, v, r);
		subtract(f, sum->y, v, w);
	}
}

// "madd-2007-bl". zz and zzz: what x2 and y2 are to be multiplied by.
static void addAffine(const Field *f, Sum *sum, const txU4 *x2, const txU4 *y2, const txU4 *zz, const txU4 *zzz)
{
	txU4 h[MOST], i[MOST], r[MOST], v[MOST];

	multiply(f, h, x2, zz);
	subtract(f, h, h, sum->x);
	multiply(f, r, y2, zzz);
	subtract(f, r, r, sum->y);
	add(f, r, r, r);
	add(f, i, h, h);
	multiply(f, sum->z, sum->z, i);
	multiply(f, i, i, i); // 4h^2
	multiply(f, sum->e, sum->e, i);
	multiply(f, v, sum->x, i);
	multiply(f, h, h, i); // 4h^3
	multiply(f, sum->x, r, r);
	subtract(f, sum->x, sum->x, h);
	subtract(f, sum->x, sum->x, v);
	subtract(f, sum->x, sum->x, v);
	subtract(f, v, v, sum->x);
	multiply(f, v, v, r);
	add(f, h, h, h);
	multiply(f, h, h, sum->y);
	subtract(f, sum->y, v, h);
}

// sum, field, times
void xs_polltls_double(xsMachine *the)
{
	Field f;
	Sum sum;

	xsmcVars(1);
	loadField(the, &f, &xsArg(1));
	loadSum(the, &f, &sum);
	doubleTimes(&f, &sum, xsmcToInteger(xsArg(2)));
	storeSum(the, &f, &sum);
}

// Doubles times over, and adds a point; wipes what it was given.
static void doubleAdd(xsMachine *the, const Field *f, Sum *sum, xsIntegerValue times, txU4 *x2, txU4 *y2, xsIntegerValue where)
{
	txU4 zz[MOST], zzz[MOST], s[MOST];

	doubleTimes(f, sum, times);
	if (HERE == where)
		multiply(f, zz, sum->z, sum->z);
	else
		c_memcpy(zz, sum->e, sizeof(zz));
	multiply(f, zzz, sum->z, zz);
	if (NAMED == where) {
		xsmcGet(xsVar(0), xsArg(0), xsID_s);
		load(the, f, s, &xsVar(0));
		multiply(f, zzz, zzz, s);
	}
	addAffine(f, sum, x2, y2, zz, zzz);
	storeSum(the, f, sum);
	wipe(x2, MOST * sizeof(txU4));
	wipe(y2, MOST * sizeof(txU4));
}

// sum, field, times, x2, y2, where
void xs_polltls_doubleAdd(xsMachine *the)
{
	Field f;
	Sum sum;
	txU4 x2[MOST], y2[MOST];

	xsmcVars(1);
	loadField(the, &f, &xsArg(1));
	loadSum(the, &f, &sum);
	load(the, &f, x2, &xsArg(3));
	load(the, &f, y2, &xsArg(4));
	doubleAdd(the, &f, &sum, xsmcToInteger(xsArg(2)), x2, y2, xsmcToInteger(xsArg(5)));
}

// sum, curve, times, row, bits, where
void xs_polltls_doubleAddChosen(xsMachine *the)
{
	xsIntegerValue bits = xsmcToInteger(xsArg(4));
	Field f;
	Sum sum;
	txU4 x2[MOST], y2[MOST], entry[2 * (MOST + 1)];

	xsmcVars(2);
	xsmcGet(xsVar(1), xsArg(1), xsID_field);
	loadField(the, &f, &xsVar(1));
	loadSum(the, &f, &sum);
	chooseEntry(the, &xsArg(3), bits, entry, 2 * (f.n + 1)); // x, and y a lane above
	reduceWords(&f, x2, entry, 0);
	reduceWords(&f, y2, entry + f.n + 1, 1 ^ ((bits >> 3) & 1));
	wipe(entry, sizeof(entry));
	doubleAdd(the, &f, &sum, xsmcToInteger(xsArg(2)), x2, y2, xsmcToInteger(xsArg(5)));
}
