// What modules/base/bytes does, without a view for each place: nothing is allocated.

#include "xsPlatform.h"
#include "xsmc.h"
#include "mc.xs.h"

// The place of length bytes that begins at argument atIndex, in argument index.
static uint8_t *placeOf(xsMachine *the, void *data, xsUnsignedValue size, xsIntegerValue at, xsIntegerValue length)
{
	if (at < 0 || length < 0 || (xsUnsignedValue)length > size || (xsUnsignedValue)at > size - length)
		xsRangeError("no such place");
	return (uint8_t *)data + at;
}

static uint8_t *readable(xsMachine *the, int index, xsIntegerValue at, xsIntegerValue length)
{
	void *data;
	xsUnsignedValue size;

	xsmcGetBufferReadable(xsArg(index), &data, &size);
	return placeOf(the, data, size, at, length);
}

void xs_polltls_copy(xsMachine *the)
{
	xsIntegerValue targetAt = xsmcToInteger(xsArg(1)), at = xsmcToInteger(xsArg(3)), length = xsmcToInteger(xsArg(4)) - at;
	uint8_t *source = readable(the, 2, at, length);
	void *data;
	xsUnsignedValue size;

	if (!length)
		return;
	xsmcGetBufferWritable(xsArg(0), &data, &size);
	c_memmove(placeOf(the, data, size, targetAt, length), source, length);
}

void xs_polltls_equalConstantTime(xsMachine *the)
{
	xsIntegerValue length = xsmcToInteger(xsArg(4));
	uint8_t *a = readable(the, 0, xsmcToInteger(xsArg(1)), length);
	uint8_t *b = readable(the, 2, xsmcToInteger(xsArg(3)), length);
	volatile uint8_t difference = 0; // so that no compiler stops at the first one
	xsIntegerValue i;

	for (i = 0; i < length; i++)
		difference |= a[i] ^ b[i];
	xsmcSetInteger(xsResult, ((difference - 1) >> 31) & 1);
}

void xs_polltls_equalPublic(xsMachine *the)
{
	xsIntegerValue aAt = xsmcToInteger(xsArg(1)), aLength = xsmcToInteger(xsArg(2)) - aAt;
	xsIntegerValue bAt = xsmcToInteger(xsArg(4)), bLength = xsmcToInteger(xsArg(5)) - bAt;

	xsmcSetBoolean(xsResult, aLength == bLength && 0 == c_memcmp(readable(the, 0, aAt, aLength), readable(the, 3, bAt, bLength), aLength));
}

void xs_polltls_wipe(xsMachine *the)
{
	void *data;
	xsUnsignedValue size;

	xsmcGetBufferReadable(xsArg(0), &data, &size);
	if (!size)
		return; // NO_BYTES is in flash
	xsmcGetBufferWritable(xsArg(0), &data, &size);
	c_memset(data, 0, size);
}
