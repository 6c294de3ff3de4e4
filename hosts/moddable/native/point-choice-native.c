// What modules/crypto/public-key/point-choice does, by masks over words: the same steps whatever is chosen.

#include "words-native.h"

#define MOST 32 /* words of an entry: three lanes of 288 bits, or two of 416 */

void xs_polltls_choosePoint(xsMachine *the)
{
	xsIntegerValue bits = xsmcToInteger(xsArg(1));
	txU4 words[MOST];
	int size;

	xsmcVars(1);
	size = chooseEntry(the, &xsArg(0), bits, words, MOST);
	setBigInt(the, &xsResult, words, size);
	wipe(words, sizeof(words));
}
