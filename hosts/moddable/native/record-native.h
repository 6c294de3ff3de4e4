// What a call of an AEAD is about. For aes-native.c and chacha-native.c.

#ifndef POLLTLS_RECORD
#define POLLTLS_RECORD

#define NONCE 12

typedef struct {
	const uint8_t *nonce, *additional;
	// The text, and behind it the tag.
	uint8_t *text;
	xsUnsignedValue tag, count, length;
	int seal;
} Record;

// Arguments: the key, the tag's length, nonce, additional data, its length, bytes, at, end, whether to seal. The text ends
// at end, or, if it is opened, where the tag begins.
static void takeRecord(xsMachine *the, Record *record)
{
	xsIntegerValue tag = xsmcToInteger(xsArg(1)), count = xsmcToInteger(xsArg(4));
	xsIntegerValue at = xsmcToInteger(xsArg(6)), end = xsmcToInteger(xsArg(7));
	void *nonce, *additional, *bytes;
	xsUnsignedValue nonceSize, additionalSize, size;

	record->seal = xsmcToBoolean(xsArg(8));
	xsmcGetBufferReadable(xsArg(2), &nonce, &nonceSize);
	xsmcGetBufferReadable(xsArg(3), &additional, &additionalSize);
	xsmcGetBufferWritable(xsArg(5), &bytes, &size);
	if ((16 != tag && 8 != tag) || nonceSize < NONCE || count < 0 || (xsUnsignedValue)count > additionalSize || count >= 0xff00)
		xsRangeError("AEAD: bad arguments");
	if (record->seal)
		end += tag;
	if (at < 0 || end < tag || at > end - tag || (xsUnsignedValue)end > size || end - at > 0xffffff)
		xsRangeError("AEAD: bad place");
	record->nonce = nonce;
	record->additional = additional;
	record->count = count;
	record->tag = tag;
	record->text = (uint8_t *)bytes + at;
	record->length = end - tag - at;
}

// Writes the tag behind the text, or answers whether the one that stands there is right. Takes the same time whatever they are.
static int tagRecord(Record *record, const uint8_t *tag)
{
	uint8_t *place = record->text + record->length, difference = 0;
	xsUnsignedValue i;

	for (i = 0; i < record->tag; i++) {
		if (record->seal)
			place[i] = tag[i];
		else
			difference |= place[i] ^ tag[i];
	}
	return 0 == difference;
}

// Not memset, which a compiler leaves out where nobody reads what it has written.
static void forget(void *secret, xsUnsignedValue size)
{
	volatile uint8_t *bytes = secret;

	while (size--)
		*bytes++ = 0;
}

#endif
