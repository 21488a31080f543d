/* SPDX-License-Identifier: BSD-2-Clause */

/*
 * The command line. The long options are a table that getopt_long and --help both read. Faults
 * for all listeners are added at the end, so that the order of the options does not matter.
 */
#include "options.h"

#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "accounts.h"
#include "bytes.h"
#include "seed.h"

#define MESSAGES_MOST 1000000ull
#define SIZE_MOST     2000000000ull

static const struct {
	const char *name, *value, *help;
	char letter;
} table[] = {
	{ "listen", "PROTOCOL:PORT[,address=ADDR][,name=LABEL][,fault=NAME[:VALUE]]...",
	  "serve PROTOCOL there; PORT 0 is any free one; repeatable, required", 'l' },
	{ "state-dir", "DIR", "certificates, keys, an anchor for DNSSEC and the list of ports go "
	  "here; required", 's' },
	{ "fault", "NAME[:VALUE]", "break all listeners so; repeatable", 'f' },
	{ "account", "USER:PASSWORD", "who may log in; repeatable (probe@sandbox.test:correct-horse)",
	  'a' },
	{ "account-file", "FILE", "the same, one a line", 'A' },
	{ "token", "USER:TOKEN", "OAuth access token; repeatable "
	  "(probe@sandbox.test:sandbox-token)", 'o' },
	{ "hostname", "NAME", "of the banner, the certificate and the MX (mx.sandbox.test)", 'n' },
	{ "messages", "N[:BYTES]", "test messages in the first account's INBOX (3:2048)", 'm' },
	{ "spool", NULL, "write accepted messages to DIR/mail/RECIPIENT/ID too", 'S' },
	{ "exit-after", "SECONDS", "end by itself", 'e' },
	{ "with-parent", NULL, "end when the parent process does", 'p' },
	{ "list-faults", NULL, "print each fault with what it does", 'L' },
	{ "help", NULL, "print this", 'h' },
};

#define COUNT (sizeof(table) / sizeof(*table))

void
die(const char *format, ...)
{
	va_list args;

	fputs("mailprobe-sandbox: ", stderr);
	va_start(args, format);
	vfprintf(stderr, format, args);
	va_end(args);
	fputc('\n', stderr);
	exit(2);
}

static void
help(void)
{
	const char *name;

	puts("mailprobe-sandbox: a mail server to be probed, with switches that break it\n\n"
	    "mailprobe-sandbox --state-dir=DIR --listen=PROTOCOL:PORT... [OPTION]...\n");
	for (size_t i = 0; i < COUNT; i++)
		printf("  --%s%s%s\n        %s\n", table[i].name, table[i].value ? "=" : "",
		    table[i].value ? table[i].value : "", table[i].help);
	fputs("\nPROTOCOL is one of", stdout);
	for (size_t i = 0; (name = protocol_name(i)); i++)
		printf(" %s", name);
	puts(".\nOnce every port is open, DIR/ready and standard output say for each listener\n"
	    "LABEL PROTOCOL ADDRESS PORT. Faults:\n");
	faults_print(stdout);
}

static void
port(struct listener *l, const char *text)
{
	char *end;
	unsigned long number;

	errno = 0;
	number = strtoul(text, &end, 10);
	if (errno || end == text || *end || *text == '-' || number > 65535)
		die("--listen: '%s' is not a port: write PROTOCOL:PORT, PORT from 0 to 65535",
		    text);
	l->port = (unsigned)number;
}

/* The parts of --listen are cut in place, for labels and texts of faults point into them. */
static void
listener(struct server *s, const char *spec)
{
	struct listener *l;
	char *rest, *part, *colon, error[256];

	s->listeners = realloc(s->listeners, (s->listener_count + 1) * sizeof(*l));
	if (!s->listeners)
		die("out of memory");
	l = &s->listeners[s->listener_count++];
	*l = (struct listener){ .server = s, .address = "127.0.0.1", .fd = -1 };
	rest = l->spec = make_text(spec, strlen(spec));
	part = strsep(&rest, ",");
	colon = strchr(part, ':');
	if (!colon)
		die("--listen: '%s' has no port: write PROTOCOL:PORT", part);
	l->protocol = protocol_find(part, (size_t)(colon - part));
	if (!l->protocol)
		die("--listen: no protocol '%.*s': --help names them", (int)(colon - part), part);
	port(l, colon + 1);
	while ((part = strsep(&rest, ","))) {
		if (!strncmp(part, "address=", 8))
			l->address = part + 8;
		else if (!strncmp(part, "name=", 5) && part[5] && !strchr(part, ' '))
			l->label = part + 5;
		else if (strncmp(part, "fault=", 6))
			die("--listen: '%s': write address=, name= or fault=", part);
		else if (!faults_parse(&l->faults, part + 6, error, sizeof(error)))
			die("--listen: %s", error);
	}
	if (!l->label)
		l->label = l->protocol->name;
}

static bool
label_taken(const struct server *s, const struct listener *l)
{
	for (const struct listener *e = s->listeners; e < l; e++)
		if (!strcmp(e->name, l->name))
			return true;
	return false;
}

static void
name_listeners(struct server *s, const struct fault_set *faults)
{
	for (size_t i = 0; i < s->listener_count; i++) {
		struct listener *l = &s->listeners[i];

		snprintf(l->name, sizeof(l->name), "%s", l->label);
		for (int n = 2; label_taken(s, l); n++)
			snprintf(l->name, sizeof(l->name), "%.50s-%d", l->label, n);
		faults_merge(&l->faults, faults);
	}
}

static void
account_file(struct server *s, const char *file)
{
	long bad = accounts_add_file(s->accounts, file);

	if (bad < 0)
		die("--account-file: cannot read %s: %s", file, strerror(errno));
	if (bad)
		die("--account-file: %s line %ld is not USER:PASSWORD", file, bad);
}

static uint64_t
seconds(const char *text)
{
	char *end;
	double value = strtod(text, &end);

	if (end == text || *end || !(value > 0) || value > 1e9)
		die("--exit-after: '%s' is not a number of seconds", text);
	return (uint64_t)(value * (double)SECOND);
}

static void
messages(struct options *o, const char *text)
{
	unsigned long long count, size = o->message_size;
	char *end;

	errno = 0;
	count = strtoull(text, &end, 10);
	if (end != text && *end == ':') {
		text = end + 1;
		size = strtoull(text, &end, 10);
	}
	if (errno || end == text || *end || strchr(text, '-') || count > MESSAGES_MOST
	    || size < SEED_LEAST || size > SIZE_MOST)
		die("--messages: write N or N:BYTES, N up to %llu and BYTES from %d to %llu",
		    MESSAGES_MOST, SEED_LEAST, SIZE_MOST);
	o->messages = (uint32_t)count;
	o->message_size = (size_t)size;
}

static void
take(struct options *o, struct server *s, struct fault_set *faults, int letter)
{
	char error[256];

	switch (letter) {
	case 'l':
		listener(s, optarg);
		break;
	case 's':
		s->state_dir = optarg;
		break;
	case 'f':
		if (!faults_parse(faults, optarg, error, sizeof(error)))
			die("--fault: %s", error);
		break;
	case 'a':
		if (!accounts_add(s->accounts, optarg))
			die("--account: write USER:PASSWORD");
		break;
	case 'A':
		account_file(s, optarg);
		break;
	case 'o':
		if (!accounts_add_token(s->accounts, optarg))
			die("--token: write USER:TOKEN");
		break;
	case 'n':
		s->hostname = optarg;
		break;
	case 'm':
		messages(o, optarg);
		break;
	case 'S':
		o->spool = true;
		break;
	case 'e':
		o->exit_after = seconds(optarg);
		break;
	case 'p':
		o->with_parent = true;
		break;
	case 'L':
		faults_print(stdout);
		exit(0);
	case 'h':
		help();
		exit(0);
	default:
		fputs("mailprobe-sandbox: --help lists the options\n", stderr);
		exit(2);
	}
}

/* It goes into banners and into the text form of a certificate's names. */
static bool
is_hostname(const char *name)
{
	return *name && strspn(name, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
	    "0123456789.-") == strlen(name) && strlen(name) < 64;
}

void
options_parse(struct options *o, struct server *s, int argc, char **argv)
{
	struct option longs[COUNT + 1] = { 0 };
	struct fault_set faults = { 0 };
	int letter;

	o->messages = 3;
	o->message_size = 2048;
	for (size_t i = 0; i < COUNT; i++)
		longs[i] = (struct option){ .name = table[i].name, .val = table[i].letter,
		    .has_arg = table[i].value ? required_argument : no_argument };
	while ((letter = getopt_long(argc, argv, "h", longs, NULL)) != -1)
		take(o, s, &faults, letter);
	if (optind < argc)
		die("'%s': options only: --help lists them", argv[optind]);
	if (!s->state_dir)
		die("--state-dir=DIR is required");
	if (!s->listener_count)
		die("nothing to serve: write --listen=PROTOCOL:PORT");
	if (!is_hostname(s->hostname))
		die("--hostname: '%s' is not a host name", s->hostname);
	name_listeners(s, &faults);
}
