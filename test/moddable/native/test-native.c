// For tests in an image for Linux: ending it with an exit code, its environment, and a fine clock.

#include "xsmc.h"
#include "mc.xs.h"
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

void xs_test_exit(xsMachine *the)
{
	fflush(NULL);
	_exit(xsmcToInteger(xsArg(0)));
}

void xs_test_environment(xsMachine *the)
{
	char *value = getenv(xsmcToString(xsArg(0)));
	if (value)
		xsmcSetString(xsResult, value);
}

void xs_test_microseconds(xsMachine *the)
{
	struct timespec now;
	clock_gettime(CLOCK_MONOTONIC, &now);
	xsmcSetNumber(xsResult, now.tv_sec * 1e6 + now.tv_nsec / 1e3);
}
