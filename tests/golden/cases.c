/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The results that the golden files are made from: each kind of outcome once, then what a hostile
 * server or a strange configuration can put into them. Times are fixed, so that output is the same
 * every day.
 */
#include <math.h>

#include "golden.h"

#define US(n) ((int64_t)(n) * 1000)

/*
 * Everything that has ever broken a line, a terminal, a log or a parser: ESC, the separator of
 * performance data, line ends, NUL, DEL, C1 both raw and as UTF-8, an overlong form, a surrogate, a
 * cut character, overrides of the writing direction, a line separator, quotes, backslashes, and a
 * wide one.
 */
#define HOSTILE \
	"\x1b[2J|a\r\nb\tc\0d\x7f\x9b" "e\xc2\x9b" "f\xc0\xaf\xed\xa0\x80\xe2\x82" \
	"g\xe2\x80\xae" "h\xe2\x81\xa6i\xe2\x80\xa8j\"k\\l'm=n" \
	"\xe6\xbc\xa2\xf0\x9f\x93\xab\xf4\x90\x80\x80{}\xff"

static void
plan(struct result *r, const char *phases, const char *values)
{
	slice p = slice_z(phases), v = slice_z(values);

	while (p.n > 0)
		list_add(r->arena, &r->plan.phases, slice_cut(&p, ' '));
	while (v.n > 0)
		list_add(r->arena, &r->plan.values, slice_cut(&v, ' '));
}

static void
target(struct result *r)
{
	r->host = S("mail.example.org");
	r->port = 587;
	r->address = S("192.0.2.25");
}

/* The next lap, which takes up where the last one ended. */
static struct lap *
lap(struct result *r, enum phase phase, unsigned run, int64_t us)
{
	bool goodbye = phase == PHASE_QUIT;

	if (r->lap_count == 0 && !(r->laps = arena_array(r->arena, 32, sizeof *r->laps)))
		return NULL;
	r->laps[r->lap_count] = (struct lap){ .phase = phase, .run = run, .start = r->end,
		.length = { US(us) }, .ran = true, .goodbye = goodbye };
	r->end = instant_after(r->end, (span){ US(us) });
	if (!goodbye)
		r->total = span_between(r->start, r->end);
	return &r->laps[r->lap_count++];
}

static void
unmet(struct result *r, enum phase phase)
{
	struct lap *new = lap(r, phase, 1, 0);

	if (new)
		new->ran = false;
}

static void
finding(struct result *r, enum cause cause, enum state state, int at, slice text, slice reply)
{
	if (at < (int)r->lap_count) /* always, but where memory is short on purpose */
		result_add(r, (struct finding){ .cause = cause, .state = state, .lap = at,
		    .text = text, .reply = reply });
}

static int
last(const struct result *r)
{
	return (int)r->lap_count - 1;
}

static void
text(struct result *r, enum fact fact, slice value)
{
	r->facts[fact] = (struct fact_value){ .known = true, .text = value };
}

static void
number(struct result *r, enum fact fact, double value)
{
	r->facts[fact] = (struct fact_value){ .known = true,
		.lap = (int)r->lap_count - 1,
		.number = value };
}

static void
until(struct result *r, time_t end, time_t sent)
{
	r->facts[FACT_CERT_SENT_NOT_AFTER] = (struct fact_value){ .known = true, .time = sent };
	r->facts[FACT_CERT_NOT_AFTER] = (struct fact_value){ .known = true, .time = end };
}

static void
threshold(struct result *r, struct thresholds *t, const char *spec, enum state state)
{
	struct str error = str_in(r->arena);

	thresholds_add(t, r->arena, slice_z(spec), state, &error);
}

static void
opening(struct result *r)
{
	target(r);
	plan(r, "dns connect banner ehlo starttls tls ehlo_2 auth mail rcpt data send",
	    "cert_days tcp_rtt size_limit message_size recipients");
	lap(r, PHASE_DNS, 1, 812);
	lap(r, PHASE_CONNECT, 1, 11034);
	lap(r, PHASE_BANNER, 1, 23871);
	lap(r, PHASE_EHLO, 1, 10902);
	text(r, FACT_BANNER, S("mail.example.org ESMTP ready"));
	number(r, FACT_TCP_RTT, 0.010874);
}

static void
secured(struct result *r)
{
	struct list *names = &r->facts[FACT_CAPABILITIES].list;

	opening(r);
	lap(r, PHASE_STARTTLS, 1, 10877);
	lap(r, PHASE_TLS, 1, 31201);
	number(r, FACT_CERT_DAYS, 41);
	lap(r, PHASE_EHLO, 2, 11013);
	text(r, FACT_TLS_VERSION, S("TLSv1.3"));
	text(r, FACT_TLS_CIPHER, S("TLS_AES_256_GCM_SHA384"));
	text(r, FACT_TLS_GROUP, S("x25519"));
	text(r, FACT_CERT_SUBJECT, S("CN = mail.example.org"));
	r->facts[FACT_TLS_RESUMED].known = true;
	r->facts[FACT_CAPABILITIES].known = true;
	list_add(r->arena, names, S("PIPELINING"));
	list_add(r->arena, names, S("AUTH SCRAM-SHA-256 PLAIN"));
	until(r, 1767225599, 1769904000);
}

static void
ok_sent(struct result *r, struct thresholds *t)
{
	secured(r);
	lap(r, PHASE_AUTH, 1, 46120);
	text(r, FACT_AUTH_MECHANISM, S("SCRAM-SHA-256"));
	lap(r, PHASE_MAIL, 1, 11820);
	lap(r, PHASE_RCPT, 1, 12300);
	lap(r, PHASE_DATA, 1, 10940);
	lap(r, PHASE_SEND, 1, 33422);
	lap(r, PHASE_QUIT, 1, 10911);
	text(r, FACT_QUEUE_ID, S("4XyZ12abc"));
	number(r, FACT_MESSAGE_SIZE, 734);
	number(r, FACT_RECIPIENTS, 1);
	r->achieved = "message accepted";
	threshold(r, t, "1", STATE_WARNING);
	threshold(r, t, "5", STATE_CRITICAL);
	threshold(r, t, "auth=2", STATE_CRITICAL);
	threshold(r, t, "cert_days=30:", STATE_WARNING);
	threshold(r, t, "cert_days=7:", STATE_CRITICAL);
}

static void
ok_banner(struct result *r, struct thresholds *t)
{
	(void)t;
	r->host = r->address = S("::1");
	r->port = 25;
	r->timeout = span_ms(2500);
	plan(r, "connect banner", "");
	lap(r, PHASE_CONNECT, 1, 31);
	lap(r, PHASE_BANNER, 1, 214);
}

static void
ok_transcript(struct result *r, struct thresholds *t)
{
	ok_banner(r, t);
	r->achieved = "greeting received";
	r->transcript = arena_array(r->arena, 3, sizeof *r->transcript);
	if (!r->transcript)
		return;
	r->transcript_count = 3;
	r->transcript[0] = (struct transcript_line){ r->start, '*', S("connected to ::1") };
	r->transcript[1] = (struct transcript_line){ r->end, 'S', S("220 mx ESMTP") };
	r->transcript[2] = (struct transcript_line){ r->end, 'C', S("QUIT") };
}

static void
auth_rejected(struct result *r, struct thresholds *t)
{
	(void)t;
	secured(r);
	lap(r, PHASE_AUTH, 1, 2046120);
	finding(r, CAUSE_AUTH_REJECTED, STATE_CRITICAL, last(r), (slice){ NULL, 0 },
	    S("535 5.7.8 Error: authentication failed"));
	lap(r, PHASE_QUIT, 1, 300911);
}

static void
starttls_missing(struct result *r, struct thresholds *t)
{
	(void)t;
	opening(r);
	unmet(r, PHASE_STARTTLS);
	finding(r, CAUSE_STARTTLS_MISSING, STATE_CRITICAL, last(r), S("STARTTLS is not offered"),
	    (slice){ NULL, 0 });
	lap(r, PHASE_QUIT, 1, 100);
}

static void
unexpected(struct result *r, struct thresholds *t)
{
	(void)t;
	target(r);
	plan(r, "dns connect banner", "");
	lap(r, PHASE_DNS, 1, 900);
	lap(r, PHASE_CONNECT, 1, 800);
	lap(r, PHASE_BANNER, 1, 700);
	finding(r, CAUSE_UNEXPECTED, STATE_WARNING, last(r), S("does not contain \"bar\""),
	    S("220 foo"));
}

static void
timeout(struct result *r, struct thresholds *t)
{
	(void)t;
	target(r);
	r->address = (slice){ NULL, 0 };
	plan(r, "dns connect banner", "tcp_rtt");
	lap(r, PHASE_DNS, 1, 40);
	lap(r, PHASE_CONNECT, 1, 9999960);
	finding(r, CAUSE_TIMEOUT, STATE_CRITICAL, last(r), S("no answer from 192.0.2.25"),
	    (slice){ NULL, 0 });
}

static void
multiline(struct result *r, struct thresholds *t)
{
	(void)t;
	opening(r);
	finding(r, CAUSE_REJECTED, STATE_CRITICAL, last(r), S(""),
	    S("554-5.7.1 Service unavailable\r\n554-5.7.1 your address is listed\n"
	      "554 see example.org\n"));
}

static void
several(struct result *r, struct thresholds *t)
{
	secured(r);
	finding(r, CAUSE_CERT_EXPIRING, STATE_WARNING, 5, S("ends in 12 days"), (slice){ NULL, 0 });
	lap(r, PHASE_RCPT, 1, 1000000);
	finding(r, CAUSE_OPEN_RELAY, STATE_CRITICAL, last(r), S("a@example.net was accepted"),
	    S("250 ok"));
	lap(r, PHASE_RCPT, 2, 500000);
	finding(r, CAUSE_TEMPFAIL, STATE_WARNING, last(r), (slice){ NULL, 0 }, S("451 later"));
	finding(r, CAUSE_REJECTED, STATE_CRITICAL, last(r), (slice){ NULL, 0 }, S(""));
	threshold(r, t, "1", STATE_WARNING);
	threshold(r, t, "rcpt=0.5", STATE_WARNING);
	threshold(r, t, "rcpt_2=@0.5:1", STATE_CRITICAL);
}

static void
slow(struct result *r, struct thresholds *t)
{
	secured(r);
	r->achieved = "TLS established";
	lap(r, PHASE_QUIT, 1, 900000);
	threshold(r, t, "0.05", STATE_WARNING);
	threshold(r, t, "cert_days=30", STATE_WARNING);
}

static void
usage(struct result *r, struct thresholds *t)
{
	(void)t;
	finding(r, CAUSE_USAGE, STATE_UNKNOWN, LAP_NONE,
	    S("--port: \"x|y\" is no port: write 1 to 65535"), (slice){ NULL, 0 });
}

static void
local(struct result *r, struct thresholds *t)
{
	target(r);
	plan(r, "dns connect banner", "tcp_rtt");
	threshold(r, t, "1:", STATE_WARNING);
	finding(r, CAUSE_LOCAL, STATE_UNKNOWN, LAP_NONE,
	    S("/etc/ssl/x.pem: No such file or directory"), (slice){ NULL, 0 });
}

static void
exhausted(struct result *r, struct thresholds *t)
{
	auth_rejected(r, t);
	arena_alloc(r->arena, 1 << 20);
}

static void
hostile(struct result *r, struct thresholds *t)
{
	(void)t;
	secured(r);
	r->host = r->address = S(HOSTILE);
	for (enum fact fact = 0; fact < FACTS; fact++) {
		if (fact_infos[fact].kind == FACT_TEXT)
			text(r, fact, S(HOSTILE));
		if (fact_infos[fact].kind == FACT_LIST)
			r->facts[fact].known = true;
		if (fact_infos[fact].kind == FACT_LIST)
			list_add(r->arena, &r->facts[fact].list, S(HOSTILE));
	}
	finding(
	    r, CAUSE_PROTOCOL, STATE_CRITICAL, 3, S(HOSTILE), S("250-" HOSTILE "\n\n250 " HOSTILE));
	finding(r, CAUSE_PROTOCOL, STATE_CRITICAL, 4, S(HOSTILE), (slice){ NULL, 0 });
	list_add(r->arena, &r->plan.values, S("messages[it's a=b|c]"));
	list_add(r->arena, &r->plan.values, S(HOSTILE));
	r->transcript = arena_array(r->arena, 1, sizeof *r->transcript);
	if (r->transcript)
		r->transcript[r->transcript_count++] =
		    (struct transcript_line){ r->end, 'S', S(HOSTILE) };
}

/* A reply of 64 KiB, and a kilobyte of what is no text: nowhere is there a good place to cut it. */
static void
endless(struct result *r, struct thresholds *t)
{
	struct str wide = str_in(r->arena), bad = str_in(r->arena);

	(void)t;
	opening(r);
	while (wide.n < 65536 && !arena_failed(r->arena))
		str_addz(&wide, "\xe2\x82\xac");
	while (bad.n < 1024 && !arena_failed(r->arena))
		str_addc(&bad, (char)0xbf);
	text(r, FACT_BANNER, str_slice(&bad));
	r->facts[FACT_CAPABILITIES].known = true;
	for (int i = 0; i < 1000; i++)
		list_add(r->arena, &r->facts[FACT_CAPABILITIES].list, S("X-CAPABILITY"));
	finding(r, CAUSE_REJECTED, STATE_CRITICAL, last(r), (slice){ NULL, 0 }, str_slice(&wide));
	finding(r, CAUSE_REJECTED, STATE_CRITICAL, last(r), str_slice(&bad), str_slice(&bad));
}

static void
empty(struct result *r, struct thresholds *t)
{
	(void)t;
	r->host = r->address = S("");
	r->achieved = "";
	for (enum fact fact = 0; fact < FACTS; fact++) {
		r->facts[fact] = (struct fact_value){ .known = true };
		if (fact_infos[fact].kind == FACT_TEXT)
			r->facts[fact].text = S("");
	}
	list_add(r->arena, &r->plan.values, S(""));
	lap(r, PHASE_CONNECT, 1, 0);
	finding(r, CAUSE_CLOSED, STATE_CRITICAL, 0, S(""), S(""));
}

static void
odd_numbers(struct result *r, struct thresholds *t)
{
	target(r);
	plan(r, "connect capability_forbidden tls_999999",
	    "cert_days tcp_rtt size_limit message_size");
	lap(r, PHASE_CONNECT, 1, 1);
	lap(r, PHASE_STARTTLS, 4294967295U, 5000000000000);
	lap(r, PHASE_BANNER, 1, 1500000000);
	finding(r, CAUSE_CAPABILITY_FORBIDDEN, STATE_CRITICAL, 1, S("x"), (slice){ NULL, 0 });
	number(r, FACT_CERT_DAYS, NAN);
	number(r, FACT_TCP_RTT, 0.0000004);
	number(r, FACT_SIZE_LIMIT, 1.8446744073709552e19);
	number(r, FACT_MESSAGE_SIZE, -INFINITY);
	until(r, (time_t)INT64_MAX, (time_t)INT64_MIN);
	text(r, FACT_TLS_VERSION, S("TLSv1"));
	threshold(r, t, "size_limit=10", STATE_WARNING);
	threshold(r, t, "tcp_rtt=~:0.0000001", STATE_WARNING);
}

const struct golden_case golden_cases[] = {
	{ .name = "ok_sent", .build = ok_sent },
	{ .name = "ok_banner", .build = ok_banner },
	{ .name = "ok_transcript", .build = ok_transcript },
	{ .name = "auth_rejected", .build = auth_rejected },
	{ .name = "starttls_missing", .build = starttls_missing },
	{ .name = "unexpected", .build = unexpected },
	{ .name = "timeout", .build = timeout },
	{ .name = "multiline", .build = multiline },
	{ .name = "several", .build = several },
	{ .name = "slow", .build = slow },
	{ .name = "usage", .build = usage },
	{ .name = "local", .build = local },
	{ .name = "exhausted", .ceiling = 65536, .build = exhausted },
	{ .name = "hostile", .build = hostile },
	{ .name = "endless", .build = endless },
	{ .name = "empty", .build = empty },
	{ .name = "odd_numbers", .build = odd_numbers },
};

const size_t golden_case_count = sizeof golden_cases / sizeof *golden_cases;
