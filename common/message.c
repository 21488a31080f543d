/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A test message: the header from a table of our own fields, each of which gives way to a field of
 * the same name from the options, then the body in the weakest encoding that carries it. RFC 5322,
 * with RFC 3834 (Auto-Submitted) and RFC 6532 (addresses); the forms of MIME are in mime.c.
 *
 * What may surprise: dates are in UTC and names of days and months are our own, because strftime()
 * follows the locale; and a message of plain ASCII has no MIME field at all, being what it claims.
 */
#include "message.h"

#include <sys/random.h>

#include "mime.h"

/* RFC 5322 section 2.1.1 */
enum { FOLD_AT = 78 };

enum encoding { SEVEN_BIT, EIGHT_BIT, BASE64 };

struct making {
	struct arena *arena;
	const struct message_opts *opts;
	struct str text;
	slice id, body;
	enum encoding encoding;
};

static const slice default_subject = SLICE("mailprobe test message");
static const slice default_body = SLICE(
    "This message was sent by mailprobe, which tests whether mail is accepted and delivered.\r\n"
    "Nobody has to read or answer it, and it may be deleted at any time.\r\n"
    "If it should not have come to you, the host named in its Message-ID is where it\r\n"
    "comes from, and whoever runs that host can stop it.\r\n");

bool
message_ascii(slice s)
{
	for (size_t i = 0; i < s.n; i++)
		if ((unsigned char)s.at[i] > 127)
			return false;
	return true;
}

/* Whether `s` can stand in one line of a header. */
static bool
one_line(slice s)
{
	for (size_t i = 0; i < s.n; i++)
		if (s.at[i] == '\r' || s.at[i] == '\n' || s.at[i] == '\0')
			return false;
	return true;
}

static bool
all_one_line(const struct list *list)
{
	for (size_t i = 0; list && i < list->n; i++)
		if (!one_line(list->items[i]))
			return false;
	return true;
}

slice
message_field(slice field)
{
	slice rest = field, name = slice_cut(&rest, ':');

	for (size_t i = 0; i < name.n; i++)
		if (name.at[i] < 33 || name.at[i] > 126)
			return (slice){ NULL, 0 };
	return rest.at && name.n > 0 ? name : (slice){ NULL, 0 };
}

/* How far the last line of what was built has come. */
static size_t
column(const struct str *text)
{
	size_t n = 0;

	while (n < text->n && text->at[text->n - n - 1] != '\n')
		n++;
	return n;
}

static bool
date(struct making *m)
{
	static const char days[] = "SunMonTueWedThuFriSat";
	static const char months[] = "JanFebMarAprMayJunJulAugSepOctNovDec";
	struct tm t;

	if (!gmtime_r(&m->opts->now, &t))
		return false;
	str_addf(&m->text, "%.3s, %d %.3s %04d %02d:%02d:%02d +0000", days + 3 * t.tm_wday,
	    t.tm_mday, months + 3 * t.tm_mon, t.tm_year + 1900, t.tm_hour, t.tm_min, t.tm_sec);
	return true;
}

static bool
from(struct making *m)
{
	if (m->opts->from.n > 0) {
		str_add(&m->text, m->opts->from);
	} else {
		str_addz(&m->text, "mailprobe@");
		str_add(&m->text, m->opts->host);
	}
	return true;
}

static bool
to(struct making *m)
{
	const struct list *rcpt = m->opts->rcpt;

	if (!rcpt || rcpt->n == 0)
		str_addz(&m->text, "undisclosed-recipients:;");
	for (size_t i = 0; rcpt && i < rcpt->n; i++) {
		bool full = column(&m->text) + rcpt->items[i].n + 3 > FOLD_AT;

		if (i > 0)
			str_addz(&m->text, full ? ",\r\n " : ", ");
		str_add(&m->text, rcpt->items[i]);
	}
	return true;
}

/* Folded before a word that would not fit; unfolding gives the very same text. */
static void
folded_words(struct str *out, slice text)
{
	bool first = true;

	while (text.n > 0) {
		size_t n = 0;

		while (n < text.n && (text.at[n] == ' ' || text.at[n] == '\t'))
			n++;
		while (n < text.n && text.at[n] != ' ' && text.at[n] != '\t')
			n++;
		if (!first && column(out) + n > FOLD_AT)
			str_addz(out, "\r\n");
		str_add(out, slice_head(text, n));
		text = slice_skip(text, n);
		first = false;
	}
}

static bool
subject(struct making *m)
{
	slice text = m->opts->subject.at ? slice_trim(m->opts->subject) : default_subject;

	if (message_ascii(text))
		folded_words(&m->text, text);
	else
		mime_words(&m->text, column(&m->text), text);
	return true;
}

static bool
message_id(struct making *m)
{
	str_add(&m->text, m->id);
	return true;
}

static bool
auto_submitted(struct making *m)
{
	str_addz(&m->text, "auto-generated");
	return true;
}

static bool
mime_version(struct making *m)
{
	str_addz(&m->text, "1.0");
	return true;
}

static bool
content_type(struct making *m)
{
	str_addz(&m->text, "text/plain; charset=");
	str_addz(&m->text, message_ascii(m->body) ? "us-ascii" : mime_charset(m->body));
	return true;
}

static bool
content_transfer_encoding(struct making *m)
{
	str_addz(&m->text, m->encoding == BASE64 ? "base64" : "8bit");
	return true;
}

static bool
encoded(const struct making *m)
{
	return m->encoding != SEVEN_BIT;
}

/* Fields of the options that speak MIME need it declared, whatever the body is. */
static bool
mime(const struct making *m)
{
	const struct list *given = m->opts->headers;

	for (size_t i = 0; given && i < given->n; i++)
		if (slice_startsi(given->items[i], S("Content-")))
			return true;
	return encoded(m);
}

static const struct own_field {
	slice name;
	bool (*write)(struct making *m);
	bool (*needed)(const struct making *m); /* NULL: always */
} own_fields[] = {
	{ .name = SLICE("Date"), .write = date },
	{ .name = SLICE("From"), .write = from },
	{ .name = SLICE("To"), .write = to },
	{ .name = SLICE("Subject"), .write = subject },
	{ .name = SLICE("Message-ID"), .write = message_id },
	{ .name = SLICE("Auto-Submitted"), .write = auto_submitted },
	{ .name = SLICE("MIME-Version"), .write = mime_version, .needed = mime },
	{ .name = SLICE("Content-Type"), .write = content_type, .needed = encoded },
	{ .name = SLICE("Content-Transfer-Encoding"),
	    .write = content_transfer_encoding,
	    .needed = encoded },
};

enum { OWN_FIELDS = sizeof own_fields / sizeof *own_fields };

/* The options' first field of this name, whole; missing when there is none. */
static slice
given(const struct making *m, slice name)
{
	const struct list *headers = m->opts->headers;

	for (size_t i = 0; headers && i < headers->n; i++)
		if (slice_eqi(message_field(headers->items[i]), name))
			return headers->items[i];
	return (slice){ NULL, 0 };
}

static slice
given_value(const struct making *m, slice name)
{
	slice field = given(m, name);

	return field.at ? slice_trim(slice_skip(field, name.n + 1)) : field;
}

static bool
own(slice name)
{
	for (size_t i = 0; i < OWN_FIELDS; i++)
		if (slice_eqi(own_fields[i].name, name))
			return true;
	return false;
}

static void
line(struct str *text, slice s)
{
	str_add(text, s);
	str_addz(text, "\r\n");
}

/* One of our fields, or all those of the same name that stand in its place. */
static bool
own_field(struct making *m, const struct own_field *field)
{
	const struct list *headers = m->opts->headers;

	if (given(m, field->name).at) {
		for (size_t i = 0; i < headers->n; i++)
			if (slice_eqi(message_field(headers->items[i]), field->name))
				line(&m->text, headers->items[i]);
		return true;
	}
	if (field->needed && !field->needed(m))
		return true;
	str_add(&m->text, field->name);
	str_addz(&m->text, ": ");
	if (!field->write(m))
		return false;
	str_addz(&m->text, "\r\n");
	return true;
}

static bool
header(struct making *m, struct str *error)
{
	const struct list *headers = m->opts->headers;

	for (size_t i = 0; i < OWN_FIELDS; i++)
		if (!own_field(m, &own_fields[i])) {
			str_addz(error, "the date of the message is out of range");
			return false;
		}
	for (size_t i = 0; headers && i < headers->n; i++)
		if (!own(message_field(headers->items[i])))
			line(&m->text, headers->items[i]);
	return true;
}

/* What can be said against the options before anything is made of them. */
static bool
acceptable(const struct message_opts *opts, struct str *error)
{
	if (!one_line(opts->from) || !all_one_line(opts->rcpt) || !one_line(opts->host)
	    || !one_line(opts->id) || !one_line(opts->subject) || !all_one_line(opts->headers)) {
		str_addz(error, "a line end or a NUL cannot stand in a header field");
		return false;
	}
	for (size_t i = 0; opts->headers && i < opts->headers->n; i++)
		if (!message_field(opts->headers->items[i]).at) {
			str_addf(error, "a header field must be \"Name: value\", not \"%.*s\"",
			    (int)slice_head(opts->headers->items[i], 60).n,
			    opts->headers->items[i].at);
			return false;
		}
	return true;
}

static bool
sound_header(const struct making *m, struct str *error)
{
	slice rest = str_slice(&m->text);

	if (!mime_utf8(rest)) {
		str_addz(error, "an address or a header field is not UTF-8");
		return false;
	}
	while (rest.n > 0)
		if (slice_cut(&rest, '\n').n > MIME_LINE_LIMIT + 1) {
			str_addf(error, "a line of the message header is longer than %d octets",
			    MIME_LINE_LIMIT);
			return false;
		}
	return true;
}

/* Multipart and message types may not be encoded as a whole (RFC 2045 section 6.4). */
static bool
choose_encoding(struct making *m, struct str *error)
{
	slice type = given_value(m, S("Content-Type"));
	bool ascii = message_ascii(m->body);

	m->encoding = mime_unfit(m->body) || (!ascii && !m->opts->eight_bit) ? BASE64
	    : ascii                                                          ? SEVEN_BIT
	                                                                     : EIGHT_BIT;
	if (m->encoding != BASE64)
		return true;
	if (given(m, S("Content-Transfer-Encoding")).at || slice_startsi(type, S("multipart/"))
	    || slice_startsi(type, S("message/"))) {
		str_addz(error,
		    "the body cannot be sent as it is (octets above 127 without 8BITMIME, NULs, "
		    "or a line too long), and its header fields allow no other encoding");
		return false;
	}
	return true;
}

static bool
choose_id(struct making *m, struct str *error)
{
	const struct message_opts *opts = m->opts;
	uint64_t random;

	m->id = given_value(m, S("Message-ID"));
	if (m->id.at)
		return true;
	if (opts->id.at) {
		m->id = str_f(m->arena, "<%.*s@%.*s>", (int)opts->id.n, opts->id.at,
		    (int)opts->host.n, opts->host.at);
		return true;
	}
	if (getrandom(&random, sizeof random, 0) != sizeof random) {
		str_addz(error, "no entropy for a Message-ID");
		return false;
	}
	m->id = str_f(m->arena, "<%llx.%016llx@%.*s>", (unsigned long long)opts->now,
	    (unsigned long long)random, (int)opts->host.n, opts->host.at);
	return true;
}

static bool
ascii_throughout(const struct making *m)
{
	const struct list *rcpt = m->opts->rcpt;

	for (size_t i = 0; rcpt && i < rcpt->n; i++)
		if (!message_ascii(rcpt->items[i]))
			return false;
	return message_ascii(m->opts->from) && message_ascii(str_slice(&m->text));
}

bool
message_make(struct arena *arena, const struct message_opts *opts, struct message *message,
    struct str *error)
{
	struct making m = { .arena = arena,
		.opts = opts,
		.text = str_in(arena),
		.body = opts->body.at ? opts->body : default_body };
	bool ascii;

	if (!acceptable(opts, error) || !choose_encoding(&m, error) || !choose_id(&m, error)
	    || !header(&m, error) || !sound_header(&m, error))
		return false;
	ascii = ascii_throughout(&m);
	str_addz(&m.text, "\r\n");
	if (m.encoding == BASE64)
		mime_base64(&m.text, m.body);
	else
		mime_lines(&m.text, m.body);
	if (arena_failed(arena)) {
		str_addz(error, "out of memory");
		return false;
	}
	*message = (struct message){ .text = str_slice(&m.text),
		.id = m.id,
		.eight_bit = m.encoding == EIGHT_BIT,
		.utf8 = !ascii };
	return true;
}

void
message_stuff(struct str *out, slice text)
{
	while (text.n > 0) {
		const char *end = memchr(text.at, '\n', text.n);
		size_t n = end ? (size_t)(end - text.at) + 1 : text.n;

		if (text.at[0] == '.')
			str_addc(out, '.');
		str_add(out, slice_head(text, n));
		if (!end)
			str_addz(out, "\r\n");
		text = slice_skip(text, n);
	}
	str_addz(out, ".\r\n");
}
