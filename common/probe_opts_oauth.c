/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * OAuth 2.0: an endpoint, who asks it, and by what right. A refresh token needs the cache, because
 * an endpoint may give another in its place with each answer, and what is not kept is lost.
 */
#include "https_url.h"
#include "probe_opts.h"

static bool
usage(enum cause *cause, struct str *error, const char *sentence)
{
	*cause = CAUSE_USAGE;
	str_addz(error, sentence);
	return false;
}

/* The first of the options that mean nothing without an endpoint. */
static const char *
idle(const struct probe_opts *o)
{
	return o->oauth_client_id         ? "--oauth-client-id"
	    : o->oauth_client_secret_file ? "--oauth-client-secret-file"
	    : o->oauth_client_auth        ? "--oauth-client-auth"
	    : o->oauth_refresh_token_file ? "--oauth-refresh-token-file"
	    : o->oauth_scope              ? "--oauth-scope"
	    : o->oauth_cache              ? "--oauth-cache"
	                                  : NULL;
}

/* VSCHAR = %x20-7E (RFC 6749 appendix A), which scopes and identifiers consist of. */
static bool
printable(const char *text)
{
	for (; text && *text; text++)
		if (*text < ' ' || *text > '~')
			return false;
	return true;
}

bool
probe_opts_oauth(struct probe_opts *opts, struct arena *arena, enum cause *cause, struct str *error)
{
	struct str why = str_in(arena);
	struct https_url url;

	if (!opts->oauth_endpoint) {
		if (!idle(opts))
			return true;
		str_addf(
		    error, "%s: there is no endpoint: write --oauth-endpoint=URL too", idle(opts));
		*cause = CAUSE_USAGE;
		return false;
	}
	if (!https_url_parse(arena, opts->oauth_endpoint, &url, &why)) {
		str_addf(error, "--oauth-endpoint: \"%s\" %s", opts->oauth_endpoint, str_z(&why));
		*cause = CAUSE_USAGE;
		return false;
	}
	if (!opts->oauth_client_id)
		return usage(cause, error,
		    "--oauth-endpoint: has to know who asks: write --oauth-client-id=ID too");
	if (!printable(opts->oauth_client_id) || !printable(opts->oauth_scope))
		return usage(
		    cause, error, "--oauth-client-id, --oauth-scope: must be printable ASCII");
	if (!opts->oauth_client_secret_file && !opts->oauth_refresh_token_file)
		return usage(cause, error,
		    "--oauth-endpoint: gives nothing for nothing: write "
		    "--oauth-client-secret-file=FILE or --oauth-refresh-token-file=FILE too");
	if (opts->oauth_client_auth == OAUTH_CLIENT_BASIC && !opts->oauth_client_secret_file)
		return usage(cause, error,
		    "--oauth-client-auth=basic: there is no secret to show: write "
		    "--oauth-client-secret-file=FILE too");
	if (opts->oauth_refresh_token_file && !opts->oauth_cache)
		return usage(cause, error,
		    "--oauth-refresh-token-file: the endpoint may give another token in the place "
		    "of this one: write where to keep it, --oauth-cache=FILE");
	return true;
}
