// For tests of the PSA provider: how many keys the library holds.

#include "xsmc.h"
#include "mc.xs.h"
#define MBEDTLS_ALLOW_PRIVATE_ACCESS // 3.x names the fields of its statistics otherwise
#include "psa/crypto.h"

void xs_test_psaKeys(xsMachine *the)
{
	mbedtls_psa_stats_t stats;

	mbedtls_psa_get_stats(&stats);
	xsmcSetInteger(xsResult, (xsIntegerValue)stats.volatile_slots);
}
