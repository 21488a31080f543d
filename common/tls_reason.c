/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * OpenSSL's errors in words. It would load its texts for all of them at its start, which is 5 %
 * of a whole check; tls_prepare() keeps it from that, and they are loaded here, for the part of
 * the library that an error is of. The functions that do that part by part are deprecated since
 * OpenSSL 3.0, for nobody should need them any more: that is why they stand alone in this file.
 */
#define OPENSSL_SUPPRESS_DEPRECATED
#include <openssl/err.h>

#include "conn_private.h"

static const struct {
	int library;
	int (*load)(void);
} texts[] = {
	{ ERR_LIB_SSL, ERR_load_SSL_strings },
	{ ERR_LIB_PEM, ERR_load_PEM_strings },
	{ ERR_LIB_X509, ERR_load_X509_strings },
	{ ERR_LIB_X509V3, ERR_load_X509V3_strings },
	{ ERR_LIB_ASN1, ERR_load_ASN1_strings },
	{ ERR_LIB_EVP, ERR_load_EVP_strings },
	{ ERR_LIB_EC, ERR_load_EC_strings },
	{ ERR_LIB_RSA, ERR_load_RSA_strings },
	{ ERR_LIB_BIO, ERR_load_BIO_strings },
	{ ERR_LIB_OCSP, ERR_load_OCSP_strings },
	{ ERR_LIB_RAND, ERR_load_RAND_strings },
};

/* NULL where OpenSSL has none, either. */
static const char *
text_of(unsigned long error)
{
	ERR_load_ERR_strings(); /* what several parts have in common */
	for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++)
		if (texts[i].library == ERR_GET_LIB(error))
			texts[i].load();
	return ERR_reason_error_string(error);
}

slice
tls_reason(struct session *s)
{
	unsigned long error = ERR_peek_last_error();
	int code = ERR_GET_REASON(error);
	const char *known;
	slice text;

	if (ERR_GET_LIB(error) == ERR_LIB_SSL && code >= SSL_AD_REASON_OFFSET
	    && code < SSL_AD_REASON_OFFSET + 256)
		text = str_f(s->arena, "the server sent the alert \"%s\"",
		    SSL_alert_desc_string_long(code - SSL_AD_REASON_OFFSET));
	else if (ERR_GET_LIB(error) == ERR_LIB_SSL && code == SSL_R_UNEXPECTED_EOF_WHILE_READING)
		text = str_f(s->arena, "the server closed the connection");
	else if (ERR_SYSTEM_ERROR(error))
		text = str_f(s->arena, "%s", strerror(code));
	else if ((known = text_of(error)))
		text = str_f(s->arena, "%s", known);
	else
		text = str_f(s->arena, "OpenSSL's error %lx", error);
	ERR_clear_error();
	return text;
}
