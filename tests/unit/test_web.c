/* SPDX-License-Identifier: BSD-2-Clause */
/* The web configuration: what is taken, what is told about what is not, and users' claims. */
#include <fcntl.h>
#include <gnutls/gnutls.h>
#include <gnutls/x509.h>
#include <pthread.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include "b64.h"
#include "check.h"
#include "web_private.h"

#define COUNT(array) (sizeof(array) / sizeof(array)[0])

/* "right horse" at cost 4, "other" at cost 5, "" at cost 4; and what is nearly one. */
#define HORSE "$2y$04$abcdefghijklmnopqrstuuLK4yYxcGJwQr33yKnQTmKjI1WQSUD2K"
#define OTHER "$2b$05$abcdefghijklmnopqrstuuVQd15VhR/oN1H3pzUR5lME0fZO6.qRW"
#define EMPTY "$2a$04$abcdefghijklmnopqrstuubyCG3zY1GIXMyxfivm.ClDiInHzxjiq"

#define TLS "tls_server_config:\n  cert_file: cert.pem\n  key_file: key.pem\n"
#define CLIENTS TLS "  client_ca_file: cert.pem\n"

static const char *const good[] = {
	"",
	"# nothing\n",
	TLS,
	"tls_server_config: {cert_file: sub/../cert.pem, key_file: ./key.pem}\n",
	TLS "  client_auth_type: NoClientCert\n",
	TLS "  client_auth_type: RequestClientCert\n",
	TLS "  client_auth_type: RequireAnyClientCert\n",
	TLS "  client_auth_type: RequireClientCert\n",
	CLIENTS "  client_auth_type: RequireAnyClientCert\n",
	CLIENTS "  client_auth_type: VerifyClientCertIfGiven\n",
	CLIENTS
	"  client_auth_type: RequireAndVerifyClientCert\n  client_allowed_sans: [a, 192.0.2.1]\n",
	TLS "  min_version: TLS10\n  max_version: TLS13\n",
	TLS "  min_version: TLS13\n  max_version: TLS13\n",
	TLS "  min_version: TLS10\n  max_version: TLS11\n",
	TLS "  cipher_suites: []\n  curve_preferences: []\n",
	TLS "  cipher_suites: [TLS_AES_128_GCM_SHA256]\n",
	TLS "  cipher_suites: [TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256]\n",
	TLS
	"  cipher_suites: [TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256, TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256]\n",
	TLS
	"  cipher_suites: [TLS_ECDHE_RSA_WITH_AES_256_CBC_SHA, TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256]\n",
	TLS "  cipher_suites: [TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA]\n  max_version: TLS12\n",
	TLS
	"  cipher_suites:\n"
	"  - TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256\n  - TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384\n"
	"  - TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256\n  - TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384\n"
	"  - TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256\n"
	"  - TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256\n  - TLS_AES_128_GCM_SHA256\n"
	"  - TLS_AES_256_GCM_SHA384\n  - TLS_CHACHA20_POLY1305_SHA256\n"
	"  - TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA\n  - TLS_ECDHE_ECDSA_WITH_AES_256_CBC_SHA\n"
	"  - TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA\n  - TLS_ECDHE_RSA_WITH_AES_256_CBC_SHA\n",
	TLS
	"  prefer_server_cipher_suites: false\n  curve_preferences: [CurveP521, X25519, CurveP256, CurveP384]\n",
	"http_server_config: {http2: true}\n",
	"http_server_config: {http2: off, headers: {X-Frame-Options: deny, X-XSS-Protection: , "
	"X-Content-Type-Options: nosniff, Content-Security-Policy: \"default-src 'self'\", "
	"Strict-Transport-Security: max-age=1}}\n",
	"basic_auth_users: {a: " HORSE ", b: " OTHER ", \"c d\": '" EMPTY "'}\n",
	"rate_limit: {interval: 0}\n",
	"rate_limit: {interval: 0, burst: 0}\n",
	"rate_limit: {interval: 1m30s, burst: 20}\n",
};

/* A line for each problem. */
static const struct {
	const char *text, *problems;
} bad[] = {
	{ "- 1\n", "web.yml:1: is a list: write a mapping\n" },
	{ "tls_server_config:\n", "web.yml:1: tls_server_config: is nothing: write a mapping\n" },
	{ "tls_server_config: {}\n",
	    "web.yml:1: tls_server_config: cert_file is missing\n"
	    "web.yml:1: tls_server_config: key_file is missing\n" },
	{ "tls_config: {}\n",
	    "web.yml:1: tls_config: there is no such key: write one of tls_server_config, "
	    "http_server_config, basic_auth_users, rate_limit\n" },
	{ TLS "  cert: x\n",
	    "web.yml:4: tls_server_config.cert: stands beside cert_file: write one of both\n" },
	{ "tls_server_config: {cert: x, key: [y]}\n",
	    "web.yml:1: tls_server_config.cert: is no PEM text: write -----BEGIN and so on\n"
	    "web.yml:1: tls_server_config.key: is no PEM text: write -----BEGIN and so on\n" },
	{ "tls_server_config:\n  cert_file: none.pem\n  key_file: key.pem\n",
	    "web.yml:2: tls_server_config.cert_file: none.pem: No such file or directory\n" },
	{ "tls_server_config:\n  cert_file: cert.pem\n  key_file: none.pem\n",
	    "web.yml:3: tls_server_config.key_file: none.pem: No such file or directory\n" },
	{ "tls_server_config:\n  cert_file: key.pem\n  key_file: key.pem\n",
	    "web.yml:2: tls_server_config.cert_file: key.pem: has no certificate in it\n" },
	{ "tls_server_config:\n  cert_file: cert.pem\n  key_file: cert.pem\n",
	    "web.yml:3: tls_server_config.key_file: cert.pem: has no private key in it that can be read "
	    "without a password\n" },
	{ "tls_server_config:\n  cert_file: cert.pem\n  key_file: other.pem\n",
	    "web.yml:3: tls_server_config.key_file: other.pem: is not the key of the certificate\n" },
	{ "tls_server_config:\n  cert_file: cert.pem\n  key: '-----BEGIN PRIVATE KEY-----'\n",
	    "web.yml:3: tls_server_config.key: has no private key in it that can be read without a "
	    "password\n" },
	{ TLS "  client_auth_type: Verify\n",
	    "web.yml:4: tls_server_config.client_auth_type: is \"Verify\": write one of NoClientCert, "
	    "RequestClientCert, RequireAnyClientCert, VerifyClientCertIfGiven, "
	    "RequireAndVerifyClientCert\n" },
	{ TLS "  client_auth_type: RequireAndVerifyClientCert\n",
	    "web.yml:4: tls_server_config.client_auth_type: needs a CA to verify by: write "
	    "client_ca_file\n" },
	{ CLIENTS,
	    "web.yml:4: tls_server_config.client_ca_file: is asked for by nobody: write "
	    "client_auth_type: RequireAndVerifyClientCert\n" },
	{ TLS "  client_ca_file: key.pem\n  client_auth_type: RequireAndVerifyClientCert\n",
	    "web.yml:4: tls_server_config.client_ca_file: key.pem: has no certificate in it\n" },
	{ TLS "  client_allowed_sans: [a]\n  client_auth_type: RequireAnyClientCert\n",
	    "web.yml:4: tls_server_config.client_allowed_sans: anybody can write any name into a "
	    "certificate that is not verified: write client_auth_type: RequireAndVerifyClientCert\n" },
	{ CLIENTS "  client_allowed_sans: []\n  client_auth_type: RequireAndVerifyClientCert\n",
	    "web.yml:5: tls_server_config.client_allowed_sans: has no names: write - NAME for each\n" },
	{ TLS "  min_version: TLS14\n  max_version: 1.2\n",
	    "web.yml:4: tls_server_config.min_version: is \"TLS14\": write one of TLS10, TLS11, TLS12, "
	    "TLS13\n"
	    "web.yml:5: tls_server_config.max_version: is \"1.2\": write one of TLS10, TLS11, TLS12, "
	    "TLS13\n" },
	{ TLS "  max_version: TLS11\n",
	    "web.yml:4: tls_server_config.max_version: TLS12 up to TLS11 is no version at all\n" },
	{ TLS "  cipher_suites: [TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256, "
	      "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384]\n",
	    "web.yml:4: tls_server_config.cipher_suites: GnuTLS combines what they are made of, and would "
	    "allow TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384, TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256 as "
	    "well: name it too, or fewer\n" },
	{ TLS "  cipher_suites: [TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA]\n",
	    "web.yml:4: tls_server_config.cipher_suites: TLS 1.3 needs a cipher of theirs with GCM or "
	    "CHACHA20: name one, or write max_version: TLS12\n" },
	{ TLS "  cipher_suites: [TLS_AES_128_GCM_SHA256]\n  max_version: TLS12\n",
	    "web.yml:4: tls_server_config.cipher_suites: has suites of TLS 1.3 only, which max_version "
	    "leaves out\n" },
	{ TLS "  cipher_suites: [TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256]\n  min_version: TLS10\n"
	      "  max_version: TLS11\n",
	    "web.yml:4: tls_server_config.cipher_suites: none of them goes with these versions\n" },
	{ TLS "  cipher_suites: TLS_AES_128_GCM_SHA256\n  curve_preferences: [P256]\n",
	    "web.yml:4: tls_server_config.cipher_suites: is no list: write - TLS_AES_128_GCM_SHA256\n"
	    "web.yml:5: tls_server_config.curve_preferences[0]: is \"P256\": write one of X25519, "
	    "CurveP256, CurveP384, CurveP521\n" },
	{ "http_server_config: {http2: maybe, headers: {X-Frame-Options: allow, Server: x}}\n",
	    "web.yml:1: http_server_config.http2: is neither true nor false: write one of them\n"
	    "web.yml:1: http_server_config.headers.X-Frame-Options: is \"allow\": write deny or "
	    "sameorigin\n"
	    "web.yml:1: http_server_config.headers.Server: there is no such key: write one of "
	    "Content-Security-Policy, X-Frame-Options, X-Content-Type-Options, X-XSS-Protection, "
	    "Strict-Transport-Security\n" },
	{ "http_server_config: {headers: {X-XSS-Protection: \"a\\r\\nb: c\"}}\n",
	    "web.yml:1: http_server_config.headers.X-XSS-Protection: has a control character in it: "
	    "write printable text only\n" },
	{ "basic_auth_users:\n",
	    "web.yml:1: basic_auth_users: has no users: write NAME: HASH, or leave "
	    "the key out to let everybody in\n" },
	{ "basic_auth_users: {}\n",
	    "web.yml:1: basic_auth_users: has no users: write NAME: HASH, or "
	    "leave the key out to let everybody in\n" },
	{ "basic_auth_users:\n  '': " HORSE "\n  a:b: " HORSE "\n",
	    "web.yml:2: basic_auth_users.: is a name that nobody can give: it is empty or has a colon in "
	    "it\n"
	    "web.yml:3: basic_auth_users.a:b: is a name that nobody can give: it is empty or has a colon "
	    "in it\n" },
	{ "basic_auth_users:\n  a: " HORSE "\n  a: " OTHER "\n",
	    "web.yml:3: basic_auth_users.a: stands here a second time: line 2 has it\n" },
	{ "basic_auth_users: {a: " HORSE ", b: " HORSE "}\nbasic_auth_users: {c: " HORSE "}\n",
	    "web.yml:2: basic_auth_users: stands here a second time: line 1 has it\n" },
	{ "rate_limit: {interval: 1, burst: 1}\n",
	    "web.yml:1: rate_limit.interval: has no unit: write 1s, 500ms or 0\n" },
	{ "rate_limit: {interval: 1s}\n",
	    "web.yml:1: rate_limit: nobody could ask for anything: write burst: 1 or more\n" },
	{ "rate_limit: {interval: 1s, burst: 0}\n",
	    "web.yml:1: rate_limit.burst: nobody could ask for anything: write burst: 1 or more\n" },
	{ "rate_limit: {burst: 5}\n",
	    "web.yml:1: rate_limit: interval is missing: write 1s, or 0 for any\n" },
	{ "rate_limit: {interval: soon, burst: -1}\n",
	    "web.yml:1: rate_limit.interval: is not a length of time: write 10s, 500ms or 1m30s\n"
	    "web.yml:1: rate_limit.burst: is not a whole number from 0 to 1000000\n" },
};

/* Each stands as a user's hash, and none is shown. */
static const char *const no_hashes[] = {
	"right horse",
	"",
	"$2y$04$",
	"$1$abcdefgh$ZYyXwVuTsRqPoNmLkJiHg0",
	"$2x$04$abcdefghijklmnopqrstuuLK4yYxcGJwQr33yKnQTmKjI1WQSUD2K",
	"$2$04$abcdefghijklmnopqrstuuLK4yYxcGJwQr33yKnQTmKjI1WQSUD2Kx",
	"$2y$4$$abcdefghijklmnopqrstuuLK4yYxcGJwQr33yKnQTmKjI1WQSUD2K",
	"$2y$04$abcdefghijklmnopqrstuuLK4yYxcGJwQr33yKnQTmKjI1WQSUD2",
	"$2y$04$abcdefghijklmnopqrstuuLK4yYxcGJwQr33yKnQTmKjI1WQSUD2Ky",
	"$2y$04$abcdefghijklmnopqrstuu=K4yYxcGJwQr33yKnQTmKjI1WQSUD2K",
	"$2y$-4$abcdefghijklmnopqrstuuLK4yYxcGJwQr33yKnQTmKjI1WQSUD2K",
};

static void
put(const char *path, slice bytes)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);

	assert_true(fd >= 0);
	assert_int_equal(write(fd, bytes.at, bytes.n), (ssize_t)bytes.n);
	close(fd);
}

static void
put_pem(const char *path, gnutls_datum_t *pem)
{
	put(path, (slice){ (char *)pem->data, pem->size });
	gnutls_free(pem->data);
}

/* A new key, and where `cert_path` is one, a certificate of its own. */
static void
make(const char *key_path, const char *cert_path)
{
	gnutls_datum_t pem;
	gnutls_x509_privkey_t key;
	gnutls_x509_crt_t cert;

	gnutls_x509_privkey_init(&key);
	assert_int_equal(gnutls_x509_privkey_generate(key, GNUTLS_PK_ECDSA,
	                     GNUTLS_CURVE_TO_BITS(GNUTLS_ECC_CURVE_SECP256R1), 0),
	    0);
	assert_int_equal(
	    gnutls_x509_privkey_export2_pkcs8(key, GNUTLS_X509_FMT_PEM, NULL, 0, &pem), 0);
	put_pem(key_path, &pem);
	if (cert_path) {
		gnutls_x509_crt_init(&cert);
		gnutls_x509_crt_set_version(cert, 3);
		gnutls_x509_crt_set_serial(cert, "\1", 1);
		gnutls_x509_crt_set_activation_time(cert, time(NULL) - 60);
		gnutls_x509_crt_set_expiration_time(cert, time(NULL) + 3600);
		gnutls_x509_crt_set_dn(cert, "CN=localhost", NULL);
		gnutls_x509_crt_set_key(cert, key);
		assert_int_equal(gnutls_x509_crt_sign2(cert, cert, key, GNUTLS_DIG_SHA256, 0), 0);
		assert_int_equal(gnutls_x509_crt_export2(cert, GNUTLS_X509_FMT_PEM, &pem), 0);
		put_pem(cert_path, &pem);
		gnutls_x509_crt_deinit(cert);
	}
	gnutls_x509_privkey_deinit(key);
}

static char home[] = "/tmp/mailprobe-web-XXXXXX";

static int
set_up(void **state)
{
	(void)state;
	if (!mkdtemp(home) || chdir(home) != 0 || mkdir("sub", 0700) != 0)
		return -1;
	unsetenv("CREDENTIALS_DIRECTORY");
	make("key.pem", "cert.pem");
	make("other.pem", NULL);
	return 0;
}

static int
tear_down(void **state)
{
	const char *const files[] = { "key.pem", "cert.pem", "other.pem", "web.yml", "sub" };

	(void)state;
	for (size_t i = 0; i < COUNT(files); i++)
		remove(files[i]);
	return chdir("/") != 0 || rmdir(home) != 0 ? -1 : 0;
}

/* The problems, a line each, of a text that is read as web.yml. */
static struct web *
read_text(const char *text, struct arena *arena, struct str *lines)
{
	struct problems problems = { .arena = arena };
	struct web *web;

	put("web.yml", slice_z(text));
	web = web_read("web.yml", &problems);
	*lines = str_in(arena);
	for (size_t i = 0; i < problems.sentences.n; i++) {
		str_add(lines, problems.sentences.items[i]);
		str_addc(lines, '\n');
	}
	return web;
}

static void
taken(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(good); i++) {
		struct arena *arena = arena_new(1 << 20);
		struct str lines;
		struct web *web = read_text(good[i], arena, &lines);

		check_slice(good[i], "problems", str_slice(&lines), S(""));
		assert_non_null(web);
		assert_int_equal(web_tls(web), strstr(good[i], "tls_server_config") != NULL);
		assert_int_equal(web_flags(web), web_tls(web) ? MHD_USE_TLS : 0);
		assert_int_equal(web_options(web)[0].option,
		    web_tls(web) ? MHD_OPTION_NOTIFY_CONNECTION : MHD_OPTION_END);
		web_drop(web);
		arena_free(arena);
	}
}

static void
refused(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(bad); i++) {
		struct arena *arena = arena_new(1 << 20);
		struct str lines;
		struct web *web = read_text(bad[i].text, arena, &lines);

		check_slice(bad[i].text, "problems", str_slice(&lines), slice_z(bad[i].problems));
		assert_null(web);
		arena_free(arena);
	}
}

static void
hashes_refused(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(no_hashes); i++) {
		struct arena *arena = arena_new(1 << 20);
		slice text = str_f(arena, "basic_auth_users: {a: '%s'}\n", no_hashes[i]);
		struct str lines;

		assert_null(read_text(text.at, arena, &lines));
		check_slice(no_hashes[i], "problems", str_slice(&lines),
		    S("web.yml:1: basic_auth_users.a: is no bcrypt hash: write what `htpasswd -nB NAME` "
		      "prints behind the colon\n"));
		arena_free(arena);
	}
}

static void
costs(void **state)
{
	(void)state;
	for (unsigned cost = 0; cost < 100; cost++) {
		struct arena *arena = arena_new(1 << 20);
		slice text = str_f(arena, "basic_auth_users: {a: $2y$%02u$%s}\n", cost, HORSE + 7);
		struct str lines;
		struct web *web = read_text(text.at, arena, &lines);

		check_number("costs", text.at, web != NULL, cost >= 4 && cost <= 15);
		if (!web)
			check_slice("costs", "problems", str_slice(&lines),
			    str_f(arena,
			        "web.yml:1: basic_auth_users.a: has a hash of cost %u: write one of cost "
			        "4 to 15\n",
			        cost));
		web_drop(web);
		arena_free(arena);
	}
}

static void
without_a_file(void **state)
{
	struct arena *arena = arena_new(1 << 20);
	struct problems problems = { .arena = arena };
	struct web *web = web_read(NULL, &problems);
	struct web_claim *claim;

	(void)state;
	assert_non_null(web);
	assert_false(web_tls(web));
	assert_int_equal(web_users_access(web, (slice){ NULL, 0 }, &claim), WEB_GRANTED);
	assert_int_equal(web_access(web, NULL, &claim), WEB_GRANTED);
	web_drop(web);
	web_drop(NULL);
	assert_null(web_read("none.yml", &problems));
	check_slice("none.yml", "problem", problems.sentences.items[0],
	    S("none.yml: No such file or directory"));
	arena_free(arena);
}

static void
header_replaced(void **state)
{
	struct arena *arena = arena_new(1 << 20);
	struct str lines;
	struct web *web = read_text("http_server_config: {headers: {X-Frame-Options: deny, "
	                            "Content-Security-Policy: a, X-Content-Type-Options: }}\n",
	    arena, &lines);
	struct MHD_Response *response = MHD_create_response_from_buffer(
	    0, (void *)"", MHD_RESPMEM_PERSISTENT);

	(void)state;
	MHD_add_response_header(response, "X-Frame-Options", "sameorigin");
	MHD_add_response_header(response, "Content-Security-Policy", "b");
	web_headers(web, response);
	assert_string_equal(MHD_get_response_header(response, "X-Frame-Options"), "deny");
	assert_int_equal(MHD_get_response_headers(response, NULL, NULL), 3);
	assert_null(MHD_get_response_header(response, "X-Content-Type-Options"));
	MHD_destroy_response(response);
	web_drop(web);
	arena_free(arena);
}

static const struct claim_case {
	const char *name;
	slice pair; /* `user:password`, encoded; missing: `header` as it is */
	const char *header;
	enum web_access first; /* before anything is remembered */
	bool right;
} claims[] = {
	{ .name = "right",
	    .pair = SLICE("horse:right horse"),
	    .first = WEB_UNKNOWN,
	    .right = true },
	{ .name = "no password", .pair = SLICE("empty:"), .first = WEB_UNKNOWN, .right = true },
	{ .name = "of somebody else", .pair = SLICE("other:right horse"), .first = WEB_UNKNOWN },
	{ .name = "unknown", .pair = SLICE("nobody:right horse"), .first = WEB_UNKNOWN },
	{ .name = "nobody", .pair = SLICE(":right horse"), .first = WEB_UNKNOWN },
	{ .name = "letter case", .pair = SLICE("Horse:right horse"), .first = WEB_UNKNOWN },
	{ .name = "blank", .pair = SLICE("horse:right horse "), .first = WEB_UNKNOWN },
	{ .name = "colon", .pair = SLICE("horse::right horse"), .first = WEB_UNKNOWN },
	{ .name = "bytes that move", .pair = SLICE("hors:eright horse"), .first = WEB_UNKNOWN },
	{ .name = "NUL behind", .pair = SLICE("horse:right horse\0x"), .first = WEB_DENIED },
	{ .name = "NUL in the name", .pair = SLICE("horse\0:right horse"), .first = WEB_DENIED },
	{ .name = "no colon", .pair = SLICE("horse"), .first = WEB_DENIED },
	{ .name = "nothing", .pair = SLICE(""), .first = WEB_DENIED },
	{ .name = "no header", .first = WEB_DENIED },
	{ .name = "empty header", .header = "", .first = WEB_DENIED },
	{ .name = "scheme alone", .header = "Basic", .first = WEB_DENIED },
	{ .name = "no base64", .header = "Basic horse:right horse", .first = WEB_DENIED },
	{ .name = "other scheme",
	    .header = "Digest aG9yc2U6cmlnaHQgaG9yc2U=",
	    .first = WEB_DENIED },
	{ .name = "padding", .header = "Basic aG9yc2U6cmlnaHQgaG9yc2U", .first = WEB_DENIED },
	{ .name = "two", .header = "Basic aG9yc2U6cmlnaHQgaG9yc2U= x", .first = WEB_DENIED },
	{ .name = "remembered, by another spelling",
	    .header = "  bASIC  aG9yc2U6cmlnaHQgaG9yc2U= ",
	    .first = WEB_GRANTED,
	    .right = true },
};

static struct web *
read_users(struct arena *arena)
{
	struct str lines;
	struct web *web = read_text("basic_auth_users:\n  horse: " HORSE "\n  hors: " HORSE
	                            "\n  other: " OTHER "\n  empty: " EMPTY "\n",
	    arena, &lines);

	check_slice("users", "problems", str_slice(&lines), S(""));
	return web;
}

static slice
basic(struct arena *arena, slice pair)
{
	struct str header = str_in(arena);

	str_addz(&header, "Basic ");
	b64_encode(&header, pair);
	return str_slice(&header);
}

/* The first time as the row says, the second time at once. */
static void
claimed(void **state)
{
	struct arena *arena = arena_new(1 << 20);
	struct web *web = read_users(arena);

	(void)state;
	for (size_t i = 0; i < COUNT(claims); i++) {
		const struct claim_case *c = &claims[i];
		slice header = c->pair.at ? basic(arena, c->pair) : slice_z(c->header);
		struct web_claim *claim = NULL;

		check_number(c->name, "first", web_users_access(web, header, &claim), c->first);
		if (c->first == WEB_UNKNOWN)
			check_number(c->name, "right", web_verify(web, claim), c->right);
		check_number(c->name, "second", web_users_access(web, header, &claim),
		    c->right ? WEB_GRANTED : WEB_DENIED);
	}
	web_drop(web);
	arena_free(arena);
}

/* Whoever's hash has changed has to be looked at again. */
static void
hash_changed(void **state)
{
	struct arena *arena = arena_new(1 << 20);
	struct web *web = read_users(arena), *next;
	slice header = basic(arena, S("other:other"));
	struct web_claim *claim;
	struct str lines;

	(void)state;
	assert_int_equal(web_users_access(web, header, &claim), WEB_UNKNOWN);
	assert_true(web_verify(web, claim));
	next = read_text("basic_auth_users: {other: " HORSE "}\n", arena, &lines);
	assert_int_equal(web_users_access(next, header, &claim), WEB_UNKNOWN);
	assert_false(web_verify(next, claim));
	assert_int_equal(web_users_access(next, header, &claim), WEB_DENIED);
	assert_int_equal(web_users_access(web, header, &claim), WEB_GRANTED);
	web_drop(next);
	web_drop(web);
	arena_free(arena);
}

/* Eight wait, the ninth does not; and any number of wrong ones does not push out a right one. */
static void
bounded(void **state)
{
	struct arena *arena = arena_new(1 << 20);
	struct web *web = read_users(arena);
	struct web_claim *waiting[8], *claim;

	(void)state;
	for (size_t i = 0; i < 8; i++)
		assert_int_equal(
		    web_users_access(web, basic(arena, str_f(arena, "horse:a%zu", i)), &waiting[i]),
		    WEB_UNKNOWN);
	assert_int_equal(web_users_access(web, basic(arena, S("horse:a9")), &claim), WEB_LIMITED);
	assert_int_equal(
	    web_users_access(web, basic(arena, S("horse:right horse")), &claim), WEB_GRANTED);
	for (size_t i = 0; i < 8; i++)
		assert_false(web_verify(web, waiting[i]));
	for (size_t i = 0; i < 100; i++) {
		slice header = basic(arena, str_f(arena, "horse:b%zu", i));

		assert_int_equal(web_users_access(web, header, &claim), WEB_UNKNOWN);
		assert_false(web_verify(web, claim));
	}
	assert_int_equal(web_users_access(web, basic(arena, S("horse:b0")), &claim), WEB_UNKNOWN);
	assert_false(web_verify(web, claim));
	assert_int_equal(
	    web_users_access(web, basic(arena, S("horse:right horse")), &claim), WEB_GRANTED);
	web_drop(web);
	arena_free(arena);
}

struct guess {
	struct web *web;
	slice header;
	bool right;
};

static void *
guess(void *data)
{
	struct guess *g = data;
	struct web_claim *claim;
	enum web_access access = web_users_access(g->web, g->header, &claim);

	g->right = access == WEB_UNKNOWN ? web_verify(g->web, claim) : access == WEB_GRANTED;
	web_drop(g->web);
	return NULL;
}

static void
at_the_same_time(void **state)
{
	struct arena *arena = arena_new(1 << 20);
	struct web *web = read_users(arena);
	struct guess guesses[8];
	pthread_t threads[8];

	(void)state;
	for (size_t i = 0; i < 8; i++)
		guesses[i] = (struct guess){ web_hold(web),
			basic(
			    arena, i % 2 ? S("horse:right horse") : str_f(arena, "horse:c%zu", i)),
			false };
	for (size_t i = 0; i < 8; i++)
		assert_int_equal(pthread_create(&threads[i], NULL, guess, &guesses[i]), 0);
	for (size_t i = 0; i < 8; i++) {
		pthread_join(threads[i], NULL);
		assert_int_equal(guesses[i].right, i % 2);
	}
	web_drop(web);
	arena_free(arena);
}

static void
limited(void **state)
{
	struct arena *arena = arena_new(1 << 20);
	struct str lines;
	struct web *web = read_text("rate_limit: {interval: 1h, burst: 3}\n", arena, &lines);
	struct web_claim *claim;

	(void)state;
	for (size_t i = 0; i < 5; i++)
		assert_int_equal(web_access(web, NULL, &claim), i < 3 ? WEB_GRANTED : WEB_LIMITED);
	web_drop(web);
	arena_free(arena);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(taken),
		cmocka_unit_test(refused),
		cmocka_unit_test(hashes_refused),
		cmocka_unit_test(costs),
		cmocka_unit_test(without_a_file),
		cmocka_unit_test(header_replaced),
		cmocka_unit_test(claimed),
		cmocka_unit_test(hash_changed),
		cmocka_unit_test(bounded),
		cmocka_unit_test(at_the_same_time),
		cmocka_unit_test(limited),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
