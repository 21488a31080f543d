/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What a round trip has before its clock starts: its two sides, its key and its books, and the
 * message, whose name is the token that vouches for its body.
 */
#include <sys/random.h>

#include "message.h"
#include "probes.h"
#include "roundtrip.h"

enum { RANDOM_KEY = 32 };

void
roundtrip_turn(struct roundtrip *rt, struct roundtrip_side *side)
{
	struct session *s = rt->s;

	if (rt->turn) {
		rt->turn->conn = s->conn;
		rt->turn->protocol = s->protocol;
		rt->turn->token = s->token;
		rt->turn->token_until = s->token_until;
	}
	rt->turn = side;
	s->type = side ? side->type : &probe_roundtrip;
	s->opts = side ? side->opts : rt->opts;
	s->common = s->opts;
	s->conn = side ? side->conn : NULL;
	s->protocol = side ? side->protocol : rt;
	s->token = side ? side->token : (slice){ NULL, 0 };
	s->token_until = side ? side->token_until : (instant){ 0 };
	s->side = side ? side->side : SIDE_NONE;
}

bool
roundtrip_connect(struct roundtrip *rt)
{
	struct session *s = rt->s;
	const char *label = s->result->label;
	bool ready = conn_new(s) && s->type->prepare(s);

	s->result->label = label;
	return ready;
}

/* What holds for the run holds for its sides. */
static void
inherit(struct session *s, struct probe_opts *side)
{
	side->transcript = s->common->transcript;
	side->until = s->common->until;
	side->timeout = s->common->timeout;
	secrets(s, side);
}

static bool
local(struct session *s, const struct str *why)
{
	return fail(s, CAUSE_LOCAL, "%s", str_z(why));
}

static bool
open_books(struct roundtrip *rt)
{
	const struct roundtrip_opts *o = rt->opts;
	struct session *s = rt->s;
	struct str why = str_in(s->arena);
	struct ledger_counts counts;
	/* Of whole seconds: one more, or it would be over before the run is. */
	time_t until = s->result->wall + 1
	    + (o->deferred ? o->patience.ns : o->common.timeout.after.ns + 999999999) / 1000000000;

	rt->token = (struct token){ .sent = s->result->wall, .until = until };
	if (!o->state_file) {
		rt->instance = token_instance(rt->key);
		if (getrandom(&rt->token.sequence, sizeof rt->token.sequence, GRND_NONBLOCK)
		    != sizeof rt->token.sequence)
			return fail(s, CAUSE_LOCAL, "no random numbers for a message");
		return true;
	}
	if (!ledger_open(s->arena, o->state_file, (span){ o->common.timeout.after.ns / 4 },
	        &rt->ledger, &why)
	    || !ledger_counts(rt->ledger, &counts, &why)
	    || !ledger_begin(rt->ledger, s->result->wall, until, &rt->token.sequence, &why))
		return local(s, &why);
	rt->instance = ledger_instance(rt->ledger);
	return true;
}

static bool
choose_key(struct roundtrip *rt)
{
	char *random;

	rt->key = rt->opts->key;
	if (rt->key.at)
		return true;
	random = arena_bytes(rt->s->arena, RANDOM_KEY);
	if (random && getrandom(random, RANDOM_KEY, GRND_NONBLOCK) != RANDOM_KEY)
		return fail(rt->s, CAUSE_LOCAL, "no random numbers for a key");
	rt->key = (slice){ random, RANDOM_KEY };
	return random != NULL;
}

/* The body as it will go out: what its token must vouch for. */
static bool
body_of(struct roundtrip *rt, const struct smtp_opts *opts)
{
	struct session *s = rt->s;
	struct str error = str_in(s->arena);
	struct message message;
	struct message_opts what = {
		.from = slice_z(opts->sender),
		.rcpt = &opts->rcpt,
		.host = S("localhost"),
		.subject = slice_z(opts->subject),
		.headers = &opts->headers,
		.body = opts->body,
		.now = s->result->wall,
		.id = S("x"),
	};
	struct arrived arrived;

	if (!message_make(s->arena, &what, &message, &error))
		return fail(s, CAUSE_USAGE, "%s", str_z(&error));
	if (!arrived_parse(s->arena, message.text, &arrived))
		return false;
	rt->body = arrived.body;
	return true;
}

/* The message's own name is its token, under the domain that it comes from. */
static bool
name_message(struct roundtrip *rt, struct smtp_opts *opts)
{
	struct session *s = rt->s;
	slice domain = slice_z(opts->sender), machine = conn_machine_name(s);
	struct list headers = { 0 };

	slice_cut(&domain, '@');
	if (domain.n == 0)
		domain = machine.at ? machine : S("localhost");
	rt->token.instance = rt->instance;
	rt->token.body = token_digest(rt->body);
	rt->text = token_make(s->arena, rt->key, &rt->token);
	if (!rt->text.at || rt->token.body == 0)
		return fail(s, CAUSE_LOCAL, "OpenSSL has no HMAC with SHA-256");
	for (size_t i = 0; i < opts->headers.n; i++)
		list_add(s->arena, &headers, opts->headers.items[i]);
	list_add(s->arena, &headers,
	    str_f(s->arena, "Message-ID: <%s@%.*s>", rt->text.at, (int)domain.n, domain.at));
	list_add(s->arena, &headers, str_f(s->arena, "X-Mailprobe-Token: %s", rt->text.at));
	list_add(s->arena, &rt->wanted, rt->text);
	opts->headers = headers;
	return true;
}

struct roundtrip *
roundtrip_new(struct session *s)
{
	const struct roundtrip_opts *o = s->opts;
	struct roundtrip *rt = arena_alloc(s->arena, sizeof *rt);
	struct smtp_opts *submit = arena_bytes(s->arena, sizeof *submit);
	bool imap = o->protocol == MAIL_IMAP;
	size_t size = imap ? sizeof o->imap : sizeof o->pop3;
	struct probe_opts *fetch = arena_bytes(s->arena, size);

	if (!rt || !submit || !fetch)
		return NULL;
	tls_library(); /* tokens come before connections */
	for (enum side side = SIDE_SUBMIT; side < SIDES; side++)
		if (!(s->result->sides[side] = arena_array(
		          s->arena, FACTS, sizeof *s->result->sides[side])))
			return NULL;
	*submit = o->submit;
	memcpy(fetch, imap ? (const void *)&o->imap : (const void *)&o->pop3, size);
	inherit(s, &submit->common);
	inherit(s, fetch);
	rt->s = s;
	rt->opts = o;
	rt->wake = -1;
	rt->submit = (struct roundtrip_side){
		.side = SIDE_SUBMIT,
		.type = &probe_smtp,
		.opts = submit,
		.token = slice_z(submit->common.token)
	};
	rt->fetch = (struct roundtrip_side){
		.side = SIDE_FETCH,
		.type = imap ? &probe_imap : &probe_pop3,
		.opts = fetch,
		.token = slice_z(fetch->token)
	};
	s->protocol = rt;
	rt->submitting = submit;
	return rt;
}

bool
roundtrip_prepare(struct session *s)
{
	struct roundtrip *rt = roundtrip_new(s);

	return rt && choose_key(rt) && open_books(rt) && body_of(rt, rt->submitting)
	    && name_message(rt, rt->submitting);
}
