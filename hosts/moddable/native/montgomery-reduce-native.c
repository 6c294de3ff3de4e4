// What modules/crypto/public-key/montgomery-reduce does, a word at a time on the C stack: the same steps for all numbers of a size. Nothing is
// allocated but the result.

#include "words-native.h"

#define MODULUS 128 /* words of 4096 bits */
#define R (MODULUS + 2) /* R is a word or two longer */

// value, modulus, mask, inverse, width, blocks
void xs_polltls_montgomeryReduce(xsMachine *the)
{
	txBigInt *value = bigintOf(the, &xsArg(0)), *modulus = bigintOf(the, &xsArg(1)), *width = bigintOf(the, &xsArg(4));
	int n = modulus->size, rounds = (int)(width->data[0] / 32) * xsmcToInteger(xsArg(5)), total = n + rounds + 1, i, j;
	const txU4 *m = modulus->data;
	txU4 t[R + MODULUS + 1], inverse = m[0], over = 0;

	if (n > MODULUS || rounds > R || value->sign)
		xsRangeError("not for this modulus");
	copyWords(the, t, total, value);
	for (i = 0; i < 4; i++)
		inverse *= 2 - m[0] * inverse; // right in 3 bits at first, then in twice as many each time
	for (i = 0; i < rounds; i++) {
		const txU4 factor = 0 - t[i] * inverse;
		txU4 carry = 0;
		txU8 s;
		for (j = 0; j < n; j++) {
			txU8 w = (txU8)m[j] * factor + t[i + j] + carry;
			t[i + j] = (txU4)w;
			carry = (txU4)(w >> 32);
		}
		s = (txU8)t[i + n] + carry + over;
		t[i + n] = (txU4)s;
		over = (txU4)(s >> 32);
	}
	t[n + rounds] += over;
	setBigInt(the, &xsResult, t + rounds, n + 1);
	wipe(t, total * sizeof(txU4));
}
