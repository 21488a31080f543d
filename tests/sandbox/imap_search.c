/* SPDX-License-Identifier: BSD-2-Clause */

/*
 * SEARCH. The keys become a tree once, which is then asked of each message. Text is found in the
 * message as it is, without regard to case or MIME: enough for what tests look for.
 */
#define _GNU_SOURCE 1    /* strcasestr */

#include "imap.h"

#include <stdlib.h>
#include <string.h>

#define DEPTH  16
#define HEADER (64 * 1024)
#define WINDOW (64 * 1024)

enum op {
	OP_ALL, OP_FLAG, OP_NO_FLAG, OP_RECENT, OP_NEW, OP_OLD, OP_BEFORE, OP_ON, OP_SINCE,
	OP_LARGER, OP_SMALLER, OP_HEADER, OP_TEXT, OP_BODY, OP_SET, OP_UID, OP_NOT, OP_OR, OP_AND,
	OP_NONE,
};

enum shape { SHAPE_NOTHING, SHAPE_DATE, SHAPE_NUMBER, SHAPE_FIELD, SHAPE_TEXT };

struct key {
	enum op op;
	unsigned flag;
	time_t date;
	uint32_t number;
	char *field, *text;             /* owned */
	struct ranges ranges;
	struct key *left, *right, *next;
};

static const struct {
	const char *name;
	enum op op;
	enum shape shape;
	unsigned flag;
	const char *field;
} words[] = {
	{ .name = "ALL", .op = OP_ALL },
	{ .name = "SEEN", .op = OP_FLAG, .flag = FLAG_SEEN },
	{ .name = "UNSEEN", .op = OP_NO_FLAG, .flag = FLAG_SEEN },
	{ .name = "ANSWERED", .op = OP_FLAG, .flag = FLAG_ANSWERED },
	{ .name = "UNANSWERED", .op = OP_NO_FLAG, .flag = FLAG_ANSWERED },
	{ .name = "FLAGGED", .op = OP_FLAG, .flag = FLAG_FLAGGED },
	{ .name = "UNFLAGGED", .op = OP_NO_FLAG, .flag = FLAG_FLAGGED },
	{ .name = "DELETED", .op = OP_FLAG, .flag = FLAG_DELETED },
	{ .name = "UNDELETED", .op = OP_NO_FLAG, .flag = FLAG_DELETED },
	{ .name = "DRAFT", .op = OP_FLAG, .flag = FLAG_DRAFT },
	{ .name = "UNDRAFT", .op = OP_NO_FLAG, .flag = FLAG_DRAFT },
	{ .name = "RECENT", .op = OP_RECENT },
	{ .name = "NEW", .op = OP_NEW },
	{ .name = "OLD", .op = OP_OLD },
	{ .name = "BEFORE", .op = OP_BEFORE, .shape = SHAPE_DATE },
	{ .name = "ON", .op = OP_ON, .shape = SHAPE_DATE },
	{ .name = "SINCE", .op = OP_SINCE, .shape = SHAPE_DATE },
	{ .name = "LARGER", .op = OP_LARGER, .shape = SHAPE_NUMBER },
	{ .name = "SMALLER", .op = OP_SMALLER, .shape = SHAPE_NUMBER },
	{ .name = "HEADER", .op = OP_HEADER, .shape = SHAPE_FIELD },
	{ .name = "FROM", .op = OP_HEADER, .shape = SHAPE_TEXT, .field = "From" },
	{ .name = "TO", .op = OP_HEADER, .shape = SHAPE_TEXT, .field = "To" },
	{ .name = "CC", .op = OP_HEADER, .shape = SHAPE_TEXT, .field = "Cc" },
	{ .name = "BCC", .op = OP_HEADER, .shape = SHAPE_TEXT, .field = "Bcc" },
	{ .name = "SUBJECT", .op = OP_HEADER, .shape = SHAPE_TEXT, .field = "Subject" },
	{ .name = "TEXT", .op = OP_TEXT, .shape = SHAPE_TEXT },
	{ .name = "BODY", .op = OP_BODY, .shape = SHAPE_TEXT },
	{ .name = "KEYWORD", .op = OP_NONE, .shape = SHAPE_TEXT },
	{ .name = "UNKEYWORD", .op = OP_ALL, .shape = SHAPE_TEXT },
};

static void
key_free(struct key *k)
{
	while (k) {
		struct key *next = k->next;

		key_free(k->left);
		key_free(k->right);
		ranges_free(&k->ranges);
		free(k->field);
		free(k->text);
		free(k);
		k = next;
	}
}

static bool keys(const struct imap *s, struct args *a, int depth, struct key **out);

static bool
text_argument(struct args *a, char **out)
{
	struct slice text;

	if (!args_astring(a, &text))
		return false;
	*out = make_text(text.at, text.len);
	return true;
}

static bool
argument(struct args *a, enum shape shape, struct key *k)
{
	if (shape == SHAPE_NOTHING)
		return true;
	if (!args_space(a))
		return false;
	switch (shape) {
	case SHAPE_DATE:
		return args_date(a, &k->date);
	case SHAPE_NUMBER:
		return args_number(a, &k->number);
	case SHAPE_FIELD:
		return text_argument(a, &k->field) && args_space(a) && text_argument(a, &k->text);
	default:
		return text_argument(a, &k->text);
	}
}

static bool key(const struct imap *s, struct args *a, int depth, struct key **out);

/* NOT key, OR key key, ( keys ), a set, UID set */
static bool
compound(const struct imap *s, struct args *a, int depth, struct key *k)
{
	struct slice set;

	if (args_word(a, "NOT")) {
		k->op = OP_NOT;
		return args_space(a) && key(s, a, depth + 1, &k->left);
	}
	if (args_word(a, "OR")) {
		k->op = OP_OR;
		return args_space(a) && key(s, a, depth + 1, &k->left) && args_space(a)
		    && key(s, a, depth + 1, &k->right);
	}
	if (args_char(a, '(')) {
		k->op = OP_AND;
		return keys(s, a, depth + 1, &k->left) && args_char(a, ')');
	}
	k->op = args_word(a, "UID") ? OP_UID : OP_SET;
	if ((k->op == OP_UID && !args_space(a)) || !args_set(a, &set))
		return false;
	k->ranges = imap_ranges(s, set, k->op == OP_UID);
	return true;
}

static bool
key(const struct imap *s, struct args *a, int depth, struct key **out)
{
	struct key *k;

	if (depth > DEPTH)
		return false;
	k = *out = make(sizeof(*k));
	for (size_t i = 0; i < sizeof(words) / sizeof(*words); i++) {
		if (!args_word(a, words[i].name))
			continue;
		k->op = words[i].op;
		k->flag = words[i].flag;
		if (words[i].field)
			k->field = make_text(words[i].field, strlen(words[i].field));
		return argument(a, words[i].shape, k);
	}
	return compound(s, a, depth, k);
}

static bool
keys(const struct imap *s, struct args *a, int depth, struct key **out)
{
	do {
		if (!key(s, a, depth, out))
			return false;
		out = &(*out)->next;
	} while (args_space(a));
	return true;
}

/* Of a header field of that name: does its text, unfolded or not, contain this? */
static bool
header_has(const struct message *m, const char *field, const char *text)
{
	size_t len = mail_header_size(m, HEADER), name = strlen(field);
	char *header = make(len + 1), *line, *next;
	bool found = false, inside = false;

	mail_read(m, 0, header, len);
	for (line = header; !found && *line; line = next) {
		char *end = strchr(line, '\n');

		next = end ? end + 1 : line + strlen(line);
		if (*line != ' ' && *line != '\t')
			inside = !strncasecmp(line, field, name) && line[name] == ':';
		if (end)
			*end = '\0';
		found = inside && strcasestr(*line == ' ' || *line == '\t' ? line : line + name + 1,
		    text);
	}
	free(header);
	return found;
}

/* By windows that overlap by the length of what is looked for. */
static bool
text_has(const struct message *m, size_t from, const char *text)
{
	size_t overlap = strlen(text), len;
	char *window = make(WINDOW + 1);
	bool found = !overlap;

	while (!found && overlap < WINDOW && (len = mail_read(m, from, window, WINDOW))) {
		for (size_t i = 0; i < len; i++)
			window[i] = window[i] ? window[i] : ' ';
		window[len] = '\0';
		found = strcasestr(window, text);
		if (len < WINDOW)
			break;
		from += len - overlap;
	}
	free(window);
	return found;
}

static time_t
day(time_t t)
{
	return t - t % (24 * 60 * 60);
}

static bool matches_all(const struct key *k, const struct imap *s, size_t number,
    const struct entry *e);

static bool
matches(const struct key *k, const struct imap *s, size_t number, const struct entry *e)
{
	bool recent = s->view.seen[number - 1].recent;

	switch (k->op) {
	case OP_ALL:
		return true;
	case OP_FLAG:
		return e->flags & k->flag;
	case OP_NO_FLAG:
		return !(e->flags & k->flag);
	case OP_RECENT:
		return recent;
	case OP_NEW:
		return recent && !(e->flags & FLAG_SEEN);
	case OP_OLD:
		return !recent;
	case OP_BEFORE:
		return day(e->date) < k->date;
	case OP_ON:
		return day(e->date) == k->date;
	case OP_SINCE:
		return day(e->date) >= k->date;
	case OP_LARGER:
		return e->message->size > k->number;
	case OP_SMALLER:
		return e->message->size < k->number;
	case OP_HEADER:
		return header_has(e->message, k->field, k->text);
	case OP_TEXT:
		return text_has(e->message, 0, k->text);
	case OP_BODY:
		return text_has(e->message, mail_header_size(e->message, HEADER), k->text);
	case OP_SET:
		return ranges_have(&k->ranges, (uint32_t)number);
	case OP_UID:
		return ranges_have(&k->ranges, e->uid);
	case OP_NOT:
		return !matches(k->left, s, number, e);
	case OP_OR:
		return matches(k->left, s, number, e) || matches(k->right, s, number, e);
	case OP_AND:
		return matches_all(k->left, s, number, e);
	default:
		return false;
	}
}

static bool
matches_all(const struct key *k, const struct imap *s, size_t number, const struct entry *e)
{
	while (k && matches(k, s, number, e))
		k = k->next;
	return !k;
}

enum { RETURN_MIN = 1, RETURN_MAX = 2, RETURN_ALL = 4, RETURN_COUNT = 8 };

/* "RETURN" SP "(" [search-return-opt *(SP search-return-opt)] ")" SP */
static bool
returns(struct args *a, unsigned *what)
{
	static const char *const names[] = { "MIN", "MAX", "ALL", "COUNT" };

	*what = 0;
	if (!args_word(a, "RETURN"))
		return true;
	if (!args_space(a) || !args_char(a, '('))
		return false;
	do {
		for (unsigned i = 0; i < 4; i++)
			if (args_word(a, names[i]))
				*what |= 1u << i;
	} while (args_space(a));
	*what = *what ? *what : RETURN_ALL;
	return args_char(a, ')') && args_space(a);
}

struct found {
	struct bytes list;              /* " 1 2 3", or "1:3,7" for ESEARCH */
	uint32_t low, high, count, run;
};

static void
end_run(struct found *f)
{
	if (f->high > f->run)
		bytes_format(&f->list, ":%u", f->high);
}

static void
add(struct found *f, uint32_t number, bool compact)
{
	if (!compact) {
		bytes_format(&f->list, " %u", number);
	} else if (!f->count || number != f->high + 1) {
		end_run(f);
		bytes_format(&f->list, "%s%u", f->count ? "," : "", number);
		f->run = number;
	}
	f->low = f->count++ ? f->low : number;
	f->high = number;
}

static void
say_found(struct conn *c, struct found *f, bool extended, unsigned what, bool uid)
{
	struct imap *s = c->session;

	if (!extended) {
		imap_say(c, "* SEARCH");
		bytes_add(&s->answer, f->list.at, f->list.len);
		imap_say(c, "\r\n");
		return;
	}
	end_run(f);
	imap_say(c, "* ESEARCH (TAG \"%.*s\")%s", (int)strcspn(s->tag, " "), s->tag,
	    uid ? " UID" : "");
	if (what & RETURN_MIN && f->count)
		imap_say(c, " MIN %u", f->low);
	if (what & RETURN_MAX && f->count)
		imap_say(c, " MAX %u", f->high);
	if (what & RETURN_COUNT)
		imap_say(c, " COUNT %u", f->count);
	if (what & RETURN_ALL && f->count) {
		imap_say(c, " ALL ");
		bytes_add(&s->answer, f->list.at, f->list.len);
	}
	imap_say(c, "\r\n");
}

static void
find(struct conn *c, const struct key *k, bool extended, unsigned what, bool uid)
{
	struct imap *s = c->session;
	struct found f = { 0 };

	for (size_t i = 0; i < s->view.count; i++) {
		const struct entry *e = mailbox_entry(s->view.box, s->view.seen[i].uid);

		if (e && matches_all(k, s, i + 1, e))
			add(&f, uid ? e->uid : (uint32_t)i + 1, extended);
	}
	if (conn_faulty(c, FAULT_SEARCH_LONG))
		for (long n = 1; n <= fault_number(&c->listener->faults, FAULT_SEARCH_LONG); n++)
			add(&f, f.high + 2, extended);
	if (!conn_faulty(c, FAULT_SEARCH_MISSING))
		say_found(c, &f, extended, what, uid);
	bytes_free(&f.list);
}

/* search = "SEARCH" [search-return-opts] SP ["CHARSET" SP charset SP] search-key *(SP key) */
static void
search(struct conn *c, struct args *a, bool uid)
{
	struct imap *s = c->session;
	struct slice charset;
	struct key *k = NULL;
	unsigned what;
	bool extended;

	s->keep_numbers = !uid;
	if (!returns(a, &what) || (what && !imap_offers(c, "ESEARCH"))) {
		imap_bad(c, "SEARCH RETURN (...) is not offered, or wrong");
		return;
	}
	extended = what || conn_faulty(c, FAULT_IMAP4REV2);
	if (args_word(a, "CHARSET")) {
		if (!args_space(a) || !args_astring(a, &charset) || !args_space(a)) {
			imap_bad(c, "CHARSET charset");
			return;
		}
		if (!slice_is(charset, "UTF-8") && !slice_is(charset, "US-ASCII")) {
			imap_done(c, "NO", "[BADCHARSET (US-ASCII UTF-8)] Not this charset");
			return;
		}
	}
	if (keys(s, a, 0, &k) && args_done(a)) {
		find(c, k, extended, what ? what : RETURN_ALL, uid);
		imap_done(c, "OK", "SEARCH completed");
	} else {
		imap_bad(c, "No such search");
	}
	key_free(k);
}

void
imap_search(struct conn *c, struct args *a)
{
	search(c, a, false);
}

void
imap_uid_search(struct conn *c, struct args *a)
{
	search(c, a, true);
}
