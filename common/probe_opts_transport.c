/* SPDX-License-Identifier: BSD-2-Clause */
/* What the options say about logging in and TLS where they leave it open. */
#include "probe_opts.h"

/*
 * Options that ask something of TLS itself. Not --ca-file, --ca-path and --insecure, which only say
 * whom to trust where there is somebody to trust: a site gives them to all of its checks.
 */
static const char *
tls_option(const struct probe_opts *opts)
{
	return opts->certificate.given ? "-D"
	    : opts->client_cert        ? "--client-cert"
	    : opts->crl_file           ? "--crl-file"
	    : opts->server_name        ? "--server-name"
	    : opts->tls_min            ? "--tls-min"
	    : opts->tls_max            ? "--tls-max"
	    : opts->ciphers            ? "--ciphers"
	    : opts->dane               ? "--dane"
	                               : NULL;
}

/*
 * Where --tls does not say: implicit on its port, STARTTLS with credentials. -D and --dane ask
 * about a certificate, so there must be one; check_smtp 2.3 takes STARTTLS for -D, too.
 */
static enum tls_mode
likely_tls(const struct probe_opts *opts, unsigned tls_port)
{
	if (opts->port.number == tls_port)
		return TLS_IMPLICIT;
	return probe_opts_login(opts) || opts->certificate.given || opts->dane ? TLS_STARTTLS
	                                                                       : TLS_NONE;
}

bool
probe_opts_transport(
    struct probe_opts *opts, unsigned port, unsigned tls_port, enum cause *cause, struct str *error)
{
	const char *idle;

	opts->tls_asked = opts->tls;
	opts->own_port = (uint16_t)port;
	opts->own_tls_port = (uint16_t)tls_port;
	if (opts->tls == TLS_AUTO)
		opts->tls = likely_tls(opts, tls_port);
	if (opts->port.number == 0)
		opts->port.number = opts->tls == TLS_IMPLICIT ? tls_port : port;
	if (opts->tls != TLS_NONE || !(idle = tls_option(opts)))
		return true;
	str_addf(
	    error, "%s: there is no TLS without --tls=starttls, opportunistic or implicit", idle);
	*cause = CAUSE_USAGE;
	return false;
}

bool
probe_opts_login(const struct probe_opts *opts)
{
	if (opts->password || opts->password_file || opts->password_env || opts->token_file
	    || opts->token || opts->oauth_endpoint)
		return true;
	/*
	 * A certificate alone may be there for TLS only; EXTERNAL is tried where it was asked for.
	 */
	for (size_t i = 0; opts->client_cert && i < opts->auth.n; i++)
		if (slice_eqi(opts->auth.items[i], S("EXTERNAL")))
			return true;
	return false;
}
