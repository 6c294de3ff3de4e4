// What modules/crypto/public-key/ladder-steps does, in words of 32 bits on the C stack. All of it takes the same steps whatever the numbers
// are. Nothing is allocated but the BigInts that come out.

#include "field25519-native.h"

#define A24 121665 /* (486662 - 2) / 4 */

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
	loadProperty(the, points.u1, &xsArg(0), xsID_u1);
	loadProperty(the, points.x2, &xsArg(0), xsID_x2);
	loadProperty(the, points.z2, &xsArg(0), xsID_z2);
	loadProperty(the, points.x3, &xsArg(0), xsID_x3);
	loadProperty(the, points.z3, &xsArg(0), xsID_z3);
	for (; count > 0 && bit >= 0; count--, bit--)
		climb(&points, (changes[bit >> 3] >> (bit & 7)) & 1);
	setNumber(the, &xsArg(0), xsID_x2, points.x2, N);
	setNumber(the, &xsArg(0), xsID_z2, points.z2, N);
	setNumber(the, &xsArg(0), xsID_x3, points.x3, N);
	setNumber(the, &xsArg(0), xsID_z3, points.z3, N);
	wipe(&points, sizeof(points));
	wipe(changes, sizeof(changes));
}
