/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * libunbound is loaded when there is something to ask: most runs do without. It runs in an event
 * loop of ours (dns_events.c), in a context that is made for one call of dns_ask(), which costs
 * about as much as one question: what it measures is what a resolver says now, and no state is
 * shared between the runs of a process.
 */
#include "dnssec.h"

#include <arpa/nameser.h>
#include <unbound-event.h>
#include <unbound.h>
#include <unistd.h>

#include "dns_events.h"
#include "dns_message.h"
#include "file.h"
#include "library.h"

enum { ANCHOR_MAX = 1 << 20 };

struct library {
	__typeof__(ub_ctx_create_ub_event) *create;
	__typeof__(ub_ctx_set_option) *set_option;
	__typeof__(ub_ctx_set_fwd) *set_forward;
	__typeof__(ub_ctx_resolvconf) *resolvconf;
	__typeof__(ub_ctx_add_ta_file) *add_anchor;
	__typeof__(ub_ctx_debugout) *log_to;
	__typeof__(ub_resolve_event) *resolve;
	__typeof__(ub_ctx_delete) *delete;
	__typeof__(ub_strerror) *error;
};

/* All questions of a call. */
struct asking {
	struct session *session;
	struct library library;
	struct events *events;
	struct ub_ctx *context;
	const char *anchor;
	size_t open; /* not answered yet */
	bool over;   /* what comes now comes of letting go */
};

struct ask {
	struct asking *asking;
	int type;
	struct dns_answer *answer;
};

/*
 * Where Debian has the root's keys: dns-root-data, and what unbound and unbound-anchor keep up to
 * date by RFC 5011.
 */
static const char *const anchors[] = {
	"/usr/share/dns/root.key",
	"/var/lib/unbound/root.key",
	"/etc/unbound/root.key",
	"/usr/share/dns/root.ds",
};

/*
 * What libunbound does otherwise than we want. It would answer for some names by itself, RFC 6303
 * and others, which a site may well have. 16 ports are few for many questions at once. It would
 * tell the root which anchors it has (RFC 8145).
 */
static const struct {
	const char *name, *value;
} options[] = {
	{ "unblock-lan-zones:", "yes" },
	{ "local-zone:", "test. transparent" },
	{ "local-zone:", "home.arpa. transparent" },
	{ "local-zone:", "127.in-addr.arpa. transparent" },
	{ "outgoing-range:", "128" },
	{ "outgoing-num-tcp:", "16" },
	{ "trust-anchor-signaling:", "no" },
	{ "root-key-sentinel:", "no" },
	{ "rrset-roundrobin:", "no" },
};

static bool
load(struct asking *a)
{
	struct library *l = &a->library;
	const struct library_symbol symbols[] = {
		{ "ub_ctx_create_ub_event", &l->create },
		{ "ub_ctx_set_option", &l->set_option },
		{ "ub_ctx_set_fwd", &l->set_forward },
		{ "ub_ctx_resolvconf", &l->resolvconf },
		{ "ub_ctx_add_ta_file", &l->add_anchor },
		{ "ub_ctx_debugout", &l->log_to },
		{ "ub_resolve_event", &l->resolve },
		{ "ub_ctx_delete", &l->delete },
		{ "ub_strerror", &l->error },
		{ NULL, NULL },
	};
	struct str error = str_in(a->session->arena);

	return library_open("libunbound.so.8", "libunbound8", symbols, &error)
	    || fail(a->session, CAUSE_LOCAL, "DNSSEC: %s", str_z(&error));
}

/*
 * Whether there is a key or its digest in the file. libunbound takes one without for good, and then
 * nothing is signed any more.
 */
static bool
has_anchor(slice content)
{
	while (content.at) {
		slice rest = slice_cut(&content, '\n'), line = slice_cut(&rest, ';');

		while (line.at) {
			slice word = slice_cut(&line, ' ');

			if (slice_eqi(word, S("DNSKEY")) || slice_eqi(word, S("DS")))
				return true;
		}
	}
	return false;
}

static bool
find_anchor(struct asking *a)
{
	struct session *s = a->session;
	struct str error = str_in(s->arena);
	slice content;

	a->anchor = s->common->dnssec_anchor;
	for (size_t i = 0; !a->anchor && i < sizeof anchors / sizeof anchors[0]; i++)
		if (access(anchors[i], R_OK) == 0)
			a->anchor = anchors[i];
	if (!a->anchor)
		return fail(s, CAUSE_LOCAL,
		    "DNSSEC: there is no trust anchor: install dns-root-data, or write "
		    "--dnssec-anchor=FILE");
	if (!file_read(s->arena, a->anchor, ANCHOR_MAX, &content, &error))
		return fail(s, CAUSE_LOCAL, "DNSSEC: %s", str_z(&error));
	return has_anchor(content)
	    || fail(s, CAUSE_LOCAL, "DNSSEC: there is no DNSKEY and no DS record in %s", a->anchor);
}

/* True for 0, else false with a finding. */
static bool
good(struct asking *a, int status)
{
	return status == 0
	    || fail(a->session, CAUSE_LOCAL, "DNSSEC: libunbound, with the trust anchor of %s: %s",
	        a->anchor, a->library.error(status));
}

static bool
set_up(struct asking *a)
{
	const struct library *l = &a->library;
	const char *resolver = a->session->common->resolver;
	int status = 0;

	a->events = events_new(a->session);
	a->context = a->events ? l->create(events_base(a->events)) : NULL;
	if (!a->context)
		return fail(a->session, CAUSE_LOCAL, "DNSSEC: there is no memory for libunbound");
	l->log_to(a->context, NULL);
	for (size_t i = 0; status == 0 && i < sizeof options / sizeof options[0]; i++)
		status = l->set_option(a->context, options[i].name, options[i].value);
	if (status == 0)
		status = l->add_anchor(a->context, a->anchor);
	if (status == 0 && resolver)
		status = l->set_forward(a->context, resolver);
	/* A file that is missing is as one that names nobody: see resolv.conf(5). */
	else if (status == 0 && l->resolvconf(a->context, NULL) != 0)
		status = l->set_forward(a->context, "127.0.0.1");
	return good(a, status);
}

static const char *
code_text(unsigned code)
{
	static const char *const texts[] = {
		[ns_r_formerr] = "FORMERR",
		[ns_r_servfail] = "SERVFAIL",
		[ns_r_notimpl] = "NOTIMP",
		[ns_r_refused] = "REFUSED",
	};

	return code < sizeof texts / sizeof texts[0] && texts[code] ? texts[code] : "an error";
}

static slice
why_code(struct asking *a, unsigned code)
{
	return events_heard(a->events)
	    ? str_f(a->session->arena, "the resolver gives no answer (%s)", code_text(code))
	    : S("no resolver answers");
}

/*
 * Of an answer that is bogus nothing is kept: whoever made it may have made all of it, the name
 * that the aliases lead to not least.
 */
static void
answered(void *data, int code, void *packet, int size, int security, char *why, int limited)
{
	const struct ask *ask = data;
	struct asking *a = ask->asking;
	struct dns_answer *to = ask->answer;
	struct dns_message message;

	(void)limited;
	if (a->over)
		return;
	a->open--;
	to->security = security == 2 ? DNS_SECURE : security == 1 ? DNS_BOGUS : DNS_INSECURE;
	if (to->security == DNS_BOGUS) {
		to->why = why ? arena_copy(a->session->arena, slice_trim(slice_z(why)))
		              : S("validation failure");
		return;
	}
	if (code != 0) {
		to->why = why_code(a, (unsigned)code);
		return;
	}
	if (!packet || size < 0
	    || !dns_message_read(a->session->arena, (slice){ packet, (size_t)size },
	        (unsigned)ask->type, &message)) {
		to->why = S("the answer is malformed");
		return;
	}
	to->canonical = message.canonical;
	to->records = message.records;
	to->ttl = message.ttl;
	if (message.rcode == ns_r_nxdomain)
		to->outcome = DNS_NO_NAME;
	else if (message.rcode != ns_r_noerror)
		to->why = why_code(a, message.rcode);
	else
		to->outcome = message.records.n > 0 ? DNS_FOUND : DNS_NO_DATA;
}

/*
 * Whether libunbound reads a name as we mean it: to it a backslash is an escape. Names of the
 * network come here too.
 */
static bool
askable(const char *name)
{
	slice rest = slice_z(name);

	if (rest.n > 1 && rest.at[rest.n - 1] == '.')
		rest.n--;
	if (rest.n == 0 || rest.n > 253)
		return false;
	for (size_t i = 0; i < rest.n; i++)
		if (rest.at[i] <= ' ' || rest.at[i] > '~' || rest.at[i] == '\\')
			return false;
	if (slice_eq(rest, S(".")))
		return true;
	while (rest.at) {
		slice label = slice_cut(&rest, '.');

		if (label.n == 0 || label.n > 63)
			return false;
	}
	return true;
}

static bool
ask_all(struct asking *a, const struct dns_question *questions, struct ask *asks, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		if (!askable(questions[i].name)) {
			asks[i].answer->why = S("this is no name that can be looked up");
			continue;
		}
		a->open++;
		if (!good(a,
		        a->library.resolve(a->context, questions[i].name, questions[i].type,
		            ns_c_in, &asks[i], answered, NULL)))
			return false;
	}
	while (a->open > 0)
		if (!events_turn(a->events))
			return false;
	return true;
}

bool
dns_ask(
    struct session *s, const struct dns_question *questions, size_t n, struct dns_answer *answers)
{
	struct asking a = { .session = s };
	struct ask *asks = arena_array(s->arena, n, sizeof *asks);
	bool done;

	if (!asks)
		return false;
	for (size_t i = 0; i < n; i++) {
		answers[i] = (struct dns_answer){ .outcome = DNS_FAILED };
		asks[i] = (struct ask){ &a, questions[i].type, &answers[i] };
	}
	done = load(&a) && find_anchor(&a) && set_up(&a) && ask_all(&a, questions, asks, n);
	a.over = true;
	if (a.context)
		a.library.delete(a.context);
	/* Without memory there may be less in an answer than there was. */
	return done && !arena_failed(s->arena);
}
