/* A DTLS 1.2 client or echo server of mbedtls with a connection id and a pre-shared key.
 *
 *     mbedtls-cid client PORT CID SUITE     sends "one", then "two" from another port, prints what comes back
 *     mbedtls-cid server PORT CID SUITE     echoes until the peer closes
 *
 * With a fifth argument, another id of the same length or "none": after the first record a renegotiation, in which it takes
 * the place of the first (and the client's port stays).
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <mbedtls/ctr_drbg.h>
#include <mbedtls/entropy.h>
#include <mbedtls/net_sockets.h>
#include <mbedtls/ssl.h>
#include <mbedtls/timing.h>
#include <psa/crypto.h>

static void check(int result, const char *what)
{
	if (result >= 0) return;
	fprintf(stderr, "%s: -0x%x\n", what, -result);
	exit(1);
}

static size_t fromHex(const char *text, unsigned char *bytes)
{
	size_t length = strlen(text) / 2;
	for (size_t i = 0; i < length; i++) sscanf(text + 2 * i, "%2hhx", &bytes[i]);
	return length;
}

/* A renegotiation under another id: the client's at once, the server's when the client answers its HelloRequest. */
static void renegotiate(mbedtls_ssl_context *ssl, const char *next)
{
	unsigned char id[32];
	int result, enabled = strcmp(next, "none") != 0;
	size_t length = enabled ? fromHex(next, id) : 0;
	check(mbedtls_ssl_set_cid(ssl, enabled ? MBEDTLS_SSL_CID_ENABLED : MBEDTLS_SSL_CID_DISABLED, id, length), "set_cid");
	do result = mbedtls_ssl_renegotiate(ssl);
	while (result == MBEDTLS_ERR_SSL_WANT_READ || result == MBEDTLS_ERR_SSL_WANT_WRITE);
	check(result, "renegotiate");
	puts("renegotiation");
	fflush(stdout);
}

static void tellId(mbedtls_ssl_context *ssl)
{
	unsigned char peerId[32];
	size_t length = 0;
	int enabled = 0;
	check(mbedtls_ssl_get_peer_cid(ssl, &enabled, peerId, &length), "get_peer_cid");
	printf("cid %d ", enabled);
	for (size_t i = 0; enabled && i < length; i++) printf("%02x", peerId[i]);
	printf(" %s\n", mbedtls_ssl_get_ciphersuite(ssl));
}

int main(int count, char **arguments)
{
	static mbedtls_ssl_context ssl;
	static mbedtls_ssl_config config;
	static mbedtls_entropy_context entropy;
	static mbedtls_ctr_drbg_context random;
	static mbedtls_timing_delay_context timer;
	static mbedtls_net_context own, peer;
	unsigned char id[32], psk[16], buffer[1024];
	const char *identity = "device";
	int length;
	if (count != 5 && count != 6) return 2;
	const char *next = count == 6 ? arguments[5] : NULL;
	int isServer = strcmp(arguments[1], "server") == 0;
	size_t idLength = fromHex(arguments[3], id);
	int suites[] = { mbedtls_ssl_get_ciphersuite_id(arguments[4]), 0 };
	if (suites[0] == 0) return 2;
	for (size_t i = 0; i < sizeof psk; i++) psk[i] = i + 1;
	mbedtls_ssl_init(&ssl);
	mbedtls_ssl_config_init(&config);
	mbedtls_entropy_init(&entropy);
	mbedtls_ctr_drbg_init(&random);
	mbedtls_net_init(&own);
	mbedtls_net_init(&peer);
	psa_crypto_init();
	check(mbedtls_ctr_drbg_seed(&random, mbedtls_entropy_func, &entropy, NULL, 0), "seed");
	check(mbedtls_ssl_config_defaults(&config, isServer ? MBEDTLS_SSL_IS_SERVER : MBEDTLS_SSL_IS_CLIENT, MBEDTLS_SSL_TRANSPORT_DATAGRAM, MBEDTLS_SSL_PRESET_DEFAULT), "defaults");
	mbedtls_ssl_conf_rng(&config, mbedtls_ctr_drbg_random, &random);
	mbedtls_ssl_conf_ciphersuites(&config, suites);
	check(mbedtls_ssl_conf_psk(&config, psk, sizeof psk, (const unsigned char *)identity, strlen(identity)), "psk");
	check(mbedtls_ssl_conf_cid(&config, idLength, MBEDTLS_SSL_UNEXPECTED_CID_IGNORE), "conf_cid");
	mbedtls_ssl_conf_read_timeout(&config, 5000);
	mbedtls_ssl_conf_renegotiation(&config, next ? MBEDTLS_SSL_RENEGOTIATION_ENABLED : MBEDTLS_SSL_RENEGOTIATION_DISABLED);
	if (isServer) mbedtls_ssl_conf_dtls_cookies(&config, NULL, NULL, NULL);
	check(mbedtls_ssl_setup(&ssl, &config), "setup");
	mbedtls_ssl_set_timer_cb(&ssl, &timer, mbedtls_timing_set_delay, mbedtls_timing_get_delay);
	check(mbedtls_ssl_set_cid(&ssl, MBEDTLS_SSL_CID_ENABLED, id, idLength), "set_cid");
	if (isServer) {
		check(mbedtls_net_bind(&own, "127.0.0.1", arguments[2], MBEDTLS_NET_PROTO_UDP), "bind");
		puts("listening");
		fflush(stdout);
		check(mbedtls_net_accept(&own, &peer, NULL, 0, NULL), "accept");
	} else check(mbedtls_net_connect(&peer, "127.0.0.1", arguments[2], MBEDTLS_NET_PROTO_UDP), "connect");
	mbedtls_ssl_set_bio(&ssl, &peer, mbedtls_net_send, mbedtls_net_recv, mbedtls_net_recv_timeout);
	do length = mbedtls_ssl_handshake(&ssl);
	while (length == MBEDTLS_ERR_SSL_WANT_READ || length == MBEDTLS_ERR_SSL_WANT_WRITE);
	check(length, "handshake");
	tellId(&ssl);
	if (isServer) {
		int asked = 0;
		while ((length = mbedtls_ssl_read(&ssl, buffer, sizeof buffer)) > 0 || length == MBEDTLS_ERR_SSL_WANT_READ) {
			if (length < 0) continue;
			check(mbedtls_ssl_write(&ssl, buffer, length), "write");
			if (next && !asked++) renegotiate(&ssl, next);
		}
		if (next) tellId(&ssl);
		printf("end -0x%x\n", -length);
		mbedtls_ssl_close_notify(&ssl);
		return 0;
	}
	for (int i = 0; i < 2; i++) {
		if (i == 1 && next) {
			renegotiate(&ssl, next);
			tellId(&ssl);
		} else if (i == 1) {
			mbedtls_net_free(&peer);
			check(mbedtls_net_connect(&peer, "127.0.0.1", arguments[2], MBEDTLS_NET_PROTO_UDP), "connect");
		}
		const char *text = i == 0 ? "one" : "two";
		check(mbedtls_ssl_write(&ssl, (const unsigned char *)text, 3), "write");
		length = mbedtls_ssl_read(&ssl, buffer, sizeof buffer);
		check(length, "read");
		printf("%.*s\n", length, buffer);
	}
	mbedtls_ssl_close_notify(&ssl);
	return 0;
}
