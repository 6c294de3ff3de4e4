// What modules/crypto/public-key/edwards-steps does, in words of 32 bits on the C stack. All of it takes the same steps whatever the numbers
// are. Nothing is allocated but the BigInts that come out.

#include "field25519-native.h"

typedef struct {
	Number x, y, z, t;
} Sum;

// The formulas are those of modules/crypto/public-key/edwards-steps
static void doubleTimes(Sum *s, xsIntegerValue times)
{
	Number e, f, g, h;

	for (; times > 0; times--) {
		add(e, s->x, s->x);
		multiply(e, e, s->y);
		subtract(g, s->y, s->x);
		add(h, s->y, s->x);
		multiply(g, g, h);
		multiply(s->x, s->x, s->x);
		multiply(s->y, s->y, s->y);
		add(h, s->x, s->y);
		multiply(f, s->z, s->z);
		add(f, f, f);
		subtract(f, f, g);
		multiply(s->x, e, f);
		multiply(s->y, g, h);
		multiply(s->z, f, g);
		multiply(s->t, e, h);
	}
}

static void addEntry(Sum *s, const Number plus, const Number minus, const Number product, const Number z2)
{
	Number e, f, g, h;

	multiply(s->t, s->t, product);
	multiply(s->z, s->z, z2);
	subtract(f, s->z, s->t);
	add(g, s->z, s->t);
	subtract(e, s->y, s->x);
	multiply(e, e, minus);
	add(h, s->y, s->x);
	multiply(h, h, plus);
	subtract(s->t, h, e);
	add(h, h, e);
	multiply(s->x, s->t, f);
	multiply(s->y, g, h);
	multiply(s->z, f, g);
	multiply(s->t, s->t, h);
}

// sum, times, plus, minus, product, z2 or undefined, keepsT
void xs_polltls_edwardsDoubleAdd(xsMachine *the)
{
	Number plus, minus, product, z2 = {2};
	Sum sum;

	xsmcVars(1);
	loadProperty(the, sum.x, &xsArg(0), xsID_x);
	loadProperty(the, sum.y, &xsArg(0), xsID_y);
	loadProperty(the, sum.z, &xsArg(0), xsID_z);
	loadProperty(the, sum.t, &xsArg(0), xsID_t);
	loadNumber(the, plus, &xsArg(2));
	loadNumber(the, minus, &xsArg(3));
	loadNumber(the, product, &xsArg(4));
	if (xsUndefinedType != xsmcTypeOf(xsArg(5)))
		loadNumber(the, z2, &xsArg(5));
	doubleTimes(&sum, xsmcToInteger(xsArg(1)));
	addEntry(&sum, plus, minus, product, z2);
	setNumber(the, &xsArg(0), xsID_x, sum.x, N);
	setNumber(the, &xsArg(0), xsID_y, sum.y, N);
	setNumber(the, &xsArg(0), xsID_z, sum.z, N);
	if (xsmcTest(xsArg(6)))
		setNumber(the, &xsArg(0), xsID_t, sum.t, N);
	wipe(&sum, sizeof(sum));
	wipe(plus, sizeof(plus));
	wipe(minus, sizeof(minus));
	wipe(product, sizeof(product));
}
