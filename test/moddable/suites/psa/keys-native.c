// For tests of the PSA provider: how many keys the library holds, and keys that others made in it.

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

/** Keys that are stored and have a place in memory now. */
void xs_test_psaLoaded(xsMachine *the)
{
	mbedtls_psa_stats_t stats;

	mbedtls_psa_get_stats(&stats);
	xsmcSetInteger(xsResult, (xsIntegerValue)stats.persistent_slots);
}

/** Makes a key that another part of a firmware may have; answers its id. */
void xs_test_psaForeign(xsMachine *the)
{
	psa_key_attributes_t attributes = PSA_KEY_ATTRIBUTES_INIT;
	psa_key_id_t id = 0;
	int what = xsmcToInteger(xsArg(0));

	psa_set_key_type(&attributes, PSA_KEY_TYPE_ECC_KEY_PAIR(PSA_ECC_FAMILY_SECP_R1));
	psa_set_key_bits(&attributes, 256);
	psa_set_key_usage_flags(&attributes, PSA_KEY_USAGE_SIGN_HASH);
	psa_set_key_algorithm(&attributes, PSA_ALG_ECDSA(PSA_ALG_SHA_256));
	switch (what) {
		case 1: // may not sign
			psa_set_key_usage_flags(&attributes, PSA_KEY_USAGE_DERIVE);
			psa_set_key_algorithm(&attributes, PSA_ALG_ECDH);
			break;
		case 2: // no pair
			psa_set_key_type(&attributes, PSA_KEY_TYPE_AES);
			psa_set_key_usage_flags(&attributes, PSA_KEY_USAGE_ENCRYPT);
			psa_set_key_algorithm(&attributes, PSA_ALG_GCM);
			break;
		case 3: // another curve
			psa_set_key_type(&attributes, PSA_KEY_TYPE_ECC_KEY_PAIR(PSA_ECC_FAMILY_SECP_K1));
			break;
	}
	psa_generate_key(&attributes, &id);
	xsmcSetInteger(xsResult, (xsIntegerValue)id);
}

void xs_test_psaDestroy(xsMachine *the)
{
	psa_destroy_key(xsmcToInteger(xsArg(0)));
}
