/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * check_tcp's options. What may surprise: -s is said line by line, each when the one before was
 * answered, and so may hold a whole dialogue as it may there; several -e are alternatives; and an
 * empty -s or -q, which an unset macro leaves behind, is none.
 */
#include "check_tcp.h"

#include "login.h"

const struct opt_word check_tcp_states[] = {
	{ "ok", 1 + STATE_OK },
	{ "warn", 1 + STATE_WARNING },
	{ "warning", 1 + STATE_WARNING },
	{ "crit", 1 + STATE_CRITICAL },
	{ "critical", 1 + STATE_CRITICAL },
	{ NULL, 0 },
};

/* `text` with \n, \r, \t and \\ resolved; what else a backslash precedes stands for itself. */
static slice
unescaped(struct arena *arena, slice text)
{
	static const char letters[] = "nrt\\", meanings[] = "\n\r\t\\";
	struct str out = str_in(arena);

	for (size_t i = 0; i < text.n; i++) {
		const char *letter = NULL;

		if (text.at[i] == '\\' && i + 1 < text.n)
			letter = memchr(letters, text.at[++i], sizeof letters - 1);
		str_addc(&out, letter ? meanings[letter - letters] : text.at[i]);
	}
	return str_slice(&out);
}

/* Adds the lines in `text` that are not empty, without their line ends. */
static void
lines(struct arena *arena, struct list *list, slice text)
{
	while (text.at) {
		slice line = slice_cut(&text, '\n');

		if (line.n > 0 && line.at[line.n - 1] == '\r')
			line.n--;
		if (line.n > 0)
			list_add(arena, list, arena_copy(arena, line));
	}
}

static bool
number(const char *text, const char *option, uint64_t *value, enum cause *cause, struct str *error)
{
	if (!text || slice_number(slice_z(text), UINT32_MAX, value))
		return true;
	str_addf(error, "%s: \"%s\" is not a number: write one like 1024", option, text);
	*cause = CAUSE_USAGE;
	return false;
}

static void
dialogue(struct check_tcp *tcp, struct arena *arena)
{
	struct list say = { 0 }, quit = { 0 };

	for (size_t i = 0; i < tcp->send.n; i++) {
		slice text = tcp->send.items[i];

		lines(arena, &say, tcp->escape ? unescaped(arena, text) : text);
	}
	for (size_t i = 0; i < tcp->quit.n; i++) {
		slice text = tcp->quit.items[i];

		quit.n = 0; /* the last one wins */
		lines(arena, &quit, tcp->escape ? unescaped(arena, text) : text);
	}
	tcp->send = say;
	tcp->quit = quit;
}

bool
check_tcp_complete(struct check_tcp *tcp, struct probe_opts *common, unsigned port,
    struct arena *arena, enum cause *cause, struct str *error)
{
	unsigned asked = common->port.number;
	uint64_t seconds;

	/* As there: -D and --sni alone mean TLS at once. Not on the port that is for clear text. */
	if (common->tls == TLS_AUTO && !probe_opts_login(common) && asked && asked != port
	    && (common->certificate.given || common->server_name))
		common->tls = TLS_IMPLICIT;
	common->expect_any = !tcp->all;
	if (tcp->refuse)
		common->refused = (struct state_choice){ .given = true, .state = tcp->refuse - 1 };
	if (tcp->mismatch)
		common->unexpected = (struct state_choice){ .given = true,
			.state = tcp->mismatch - 1 };
	tcp->most = UINT64_MAX;
	dialogue(tcp, arena);
	return number(tcp->max_bytes, "--maxbytes", &tcp->most, cause, error)
	    && number(tcp->delay, "--delay", &seconds, cause, error);
}

/* Takes the next word off a line, a string in quotes being one. */
static slice
next_word(slice *line)
{
	slice word = *line;
	size_t n = 1;

	if (word.n == 0 || word.at[0] != '"')
		return slice_cut(line, ' ');
	while (n < word.n && word.at[n] != '"')
		n += word.at[n] == '\\' ? 2 : 1;
	word = slice_head(word, n + 1);
	*line = slice_skip(*line, word.n);
	if (slice_starts(*line, S(" ")))
		*line = slice_skip(*line, 1);
	else
		line->at = line->n > 0 ? line->at : NULL;
	return word;
}

slice
check_tcp_shown(struct session *s, slice line)
{
	static const slice commands[] = { SLICE("LOGIN"), SLICE("AUTHENTICATE"), SLICE("PASS"),
		SLICE("APOP"), SLICE("AUTH") };
	slice rest = line, word = { NULL, 0 };
	bool login = false;

	for (int i = 0; i < 2 && rest.at && !login; i++) { /* in IMAP behind a tag */
		word = slice_cut(&rest, ' ');
		for (size_t j = 0; j < sizeof commands / sizeof commands[0]; j++)
			login |= slice_eqi(word, commands[j]);
	}
	if (!login || !rest.at)
		return line;
	if (!slice_eqi(word, S("PASS")))
		next_word(&rest); /* the user, or the mechanism */
	if (!rest.at)
		return line;
	login_secret(s, rest);
	return str_f(s->arena, "%.*s****", (int)(rest.at - line.at), line.at);
}

static bool
found(slice heard, slice text)
{
	return text.n == 0 || slice_find(heard, text) < heard.n;
}

void
check_tcp_expect(
    struct session *s, const struct check_tcp *tcp, slice heard, int lap, slice greeting)
{
	const struct list *expect = &s->common->expect;
	bool any = false;

	if (lap == LAP_NONE || expect->n == 0)
		return;
	heard = slice_head(heard, tcp->most < heard.n ? (size_t)tcp->most : heard.n);
	for (size_t i = 0; i < expect->n; i++)
		any |= found(heard, expect->items[i]);
	if (s->common->expect_any && any)
		return;
	for (size_t i = 0; i < expect->n; i++)
		if (!found(heard, expect->items[i])) {
			note_in(s, lap, CAUSE_UNEXPECTED, greeting, "does not contain \"%s\"%s",
			    expect->items[i].at,
			    s->common->expect_any && expect->n > 1 ? ", nor the others" : "");
			if (s->common->expect_any)
				return;
		}
}
