/* A TLS 1.3 client or echo server of GnuTLS 3.8 with an imported pre-shared key (RFC 9258). GnuTLS' own programs can't import.
 *
 *     gnutls-import client PORT KEY IDENTITY CONTEXT     sends "imported", prints what comes back
 *     gnutls-import server PORT KEY IDENTITY CONTEXT     prints the identity on the wire, echoes until the peer closes
 *
 * KEY is hexadecimal. GnuTLS 3.8 has no call by which an imported key could be for SHA-384.
 */
#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>
#include <gnutls/gnutls.h>

static gnutls_datum_t key, identity, context, imported;

static void check(int result, const char *what)
{
	if (result >= 0) return;
	fprintf(stderr, "%s: %s\n", what, gnutls_strerror(result));
	exit(1);
}

static gnutls_datum_t copyOf(const gnutls_datum_t *source)
{
	gnutls_datum_t copy = { gnutls_malloc(source->size), source->size };
	memcpy(copy.data, source->data, source->size);
	return copy;
}

static int clientKey(gnutls_session_t session, gnutls_datum_t *name, gnutls_datum_t *psk, gnutls_psk_key_flags *flags)
{
	(void)session;
	*name = copyOf(&imported);
	*psk = copyOf(&key);
	*flags = GNUTLS_PSK_KEY_EXT;
	return 0;
}

static int serverKey(gnutls_session_t session, const gnutls_datum_t *name, gnutls_datum_t *psk, gnutls_psk_key_flags *flags)
{
	(void)session;
	if (name->size != imported.size || memcmp(name->data, imported.data, name->size) != 0) return -1;
	*psk = copyOf(&key);
	*flags = GNUTLS_PSK_KEY_EXT;
	for (unsigned i = 0; i < name->size; i++) printf("%02x", name->data[i]);
	printf(" identity\n");
	return 0;
}

int main(int count, char **arguments)
{
	static unsigned char bytes[64];
	char buffer[1024];
	gnutls_session_t session;
	gnutls_psk_client_credentials_t client;
	gnutls_psk_server_credentials_t server;
	struct sockaddr_in address = { .sin_family = AF_INET };
	int descriptor = socket(AF_INET, SOCK_STREAM, 0), one = 1, length;
	if (count != 6) return 2;
	int isServer = strcmp(arguments[1], "server") == 0;
	for (key.data = bytes; key.size < strlen(arguments[3]) / 2; key.size++) sscanf(arguments[3] + 2 * key.size, "%2hhx", &bytes[key.size]);
	identity = (gnutls_datum_t){ (unsigned char *)arguments[4], strlen(arguments[4]) };
	context = (gnutls_datum_t){ (unsigned char *)arguments[5], strlen(arguments[5]) };
	check(gnutls_psk_format_imported_identity(&identity, &context, GNUTLS_TLS1_3, GNUTLS_DIG_SHA256, &imported), "format");
	address.sin_port = htons(atoi(arguments[2]));
	inet_pton(AF_INET, "127.0.0.1", &address.sin_addr);
	if (isServer) {
		setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
		if (bind(descriptor, (struct sockaddr *)&address, sizeof address) != 0 || listen(descriptor, 1) != 0) return 3;
		puts("listening");
		fflush(stdout);
		descriptor = accept(descriptor, NULL, NULL);
	} else if (connect(descriptor, (struct sockaddr *)&address, sizeof address) != 0) return 3;

	check(gnutls_init(&session, isServer ? GNUTLS_SERVER : GNUTLS_CLIENT), "init");
	check(gnutls_priority_set_direct(session, "NONE:+VERS-TLS1.3:+AES-128-GCM:+AEAD:+SHA256:+DHE-PSK:+ECDHE-PSK:+GROUP-X25519:+SIGN-ALL", NULL), "priority");
	if (isServer) {
		check(gnutls_psk_allocate_server_credentials(&server), "credentials");
		gnutls_psk_set_server_credentials_function3(server, serverKey);
		check(gnutls_credentials_set(session, GNUTLS_CRD_PSK, server), "credentials");
	} else {
		check(gnutls_psk_allocate_client_credentials(&client), "credentials");
		gnutls_psk_set_client_credentials_function3(client, clientKey);
		check(gnutls_credentials_set(session, GNUTLS_CRD_PSK, client), "credentials");
	}
	gnutls_transport_set_int(session, descriptor);
	gnutls_handshake_set_timeout(session, 10000);
	do length = gnutls_handshake(session);
	while (length < 0 && !gnutls_error_is_fatal(length));
	check(length, "handshake");
	printf("%s %s\n", gnutls_cipher_get_name(gnutls_cipher_get(session)), gnutls_kx_get_name(gnutls_kx_get(session)));
	fflush(stdout);
	if (isServer) {
		while ((length = gnutls_record_recv(session, buffer, sizeof buffer)) > 0) check(gnutls_record_send(session, buffer, length), "send");
		gnutls_bye(session, GNUTLS_SHUT_WR);
		return 0;
	}
	check(gnutls_record_send(session, "imported", 8), "send");
	do length = gnutls_record_recv(session, buffer, sizeof buffer);
	while (length == GNUTLS_E_AGAIN || length == GNUTLS_E_INTERRUPTED);
	check(length, "receive");
	printf("%.*s\n", length, buffer);
	gnutls_bye(session, GNUTLS_SHUT_WR);
	close(descriptor);
	return 0;
}
