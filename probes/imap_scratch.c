/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The mailbox of our own making, in which CREATE, RENAME, APPEND, EXPUNGE and DELETE are tried.
 * It is never anybody else's: its name is
 *
 *     mailprobe-EXPIRY-MACHINE-PID-RANDOM
 *
 * in hexadecimal, behind the prefix of the personal namespace; EXPIRY being the time when the run
 * is over whatever happens, MACHINE a digest of what is running there (boot and PID namespace).
 * So the next run can tell what a killed one has left, from what a living one is using: past its
 * time it may go, and before that if its process was one of this machine and is no more. A name
 * that differs from this form in the least is not ours.
 *
 * Once it may exist, a second of the deadline is kept for deleting it.
 */
#include <errno.h>
#include <openssl/sha.h>
#include <signal.h>
#include <sys/random.h>
#include <unistd.h>

#include "file.h"
#include "imap.h"

enum {
	MARGIN = 3600,  /* seconds that clocks may differ by */
	LEFTOVERS = 10, /* that one run removes */
	FIELDS = 4,
	FIELD_MAX = 16, /* hexadecimal digits */
};

#define BASE "mailprobe-"
#define RENAMED "-renamed"

static const slice MISSING = { NULL, 0 };

static struct imap *
of(struct session *s)
{
	return s->protocol;
}

/*
 * Tells this boot of this machine, and this PID namespace of it, from any other; 0 where
 * that is not known.
 */
static uint32_t
machine(struct session *s)
{
	unsigned char digest[SHA256_DIGEST_LENGTH];
	struct str text = str_in(s->arena), ignored = str_in(s->arena);
	char namespace[64];
	ssize_t n = readlink("/proc/self/ns/pid", namespace, sizeof namespace);
	slice boot = S("");

	if (n <= 0 || !file_read(s->arena, "/proc/sys/kernel/random/boot_id", 64, &boot, &ignored))
		return 0;
	str_add(&text, boot);
	str_add(&text, (slice){ namespace, (size_t)n });
	SHA256((const unsigned char *)str_z(&text), text.n, digest);
	return (uint32_t)digest[0] << 24 | (uint32_t)digest[1] << 16 | (uint32_t)digest[2] << 8
	    | digest[3];
}

/* 1*16HEXDIG in lower case, up to the next hyphen. */
static bool
field(slice *rest, uint64_t *number)
{
	slice digits = slice_cut(rest, '-');

	*number = 0;
	if (digits.n == 0 || digits.n > FIELD_MAX)
		return false;
	for (size_t i = 0; i < digits.n; i++) {
		const char *digit = memchr("0123456789abcdef", digits.at[i], 16);

		if (!digit)
			return false;
		*number = *number << 4 | (uint64_t)(digit - "0123456789abcdef");
	}
	return true;
}

bool
imap_leftover(slice base, uint32_t machine, time_t now)
{
	uint64_t fields[FIELDS];

	if (!slice_starts(base, S(BASE)))
		return false;
	base = slice_skip(base, sizeof BASE - 1);
	for (int i = 0; i < FIELDS; i++)
		if (!base.at || !field(&base, &fields[i]))
			return false;
	if (base.at && !slice_eq(base, slice_skip(S(RENAMED), 1)))
		return false;
	if (now > 0 && fields[0] < (uint64_t)now)
		return true;
	return machine && fields[1] == machine && fields[2] > 1 && fields[2] <= INT32_MAX
	    && kill((pid_t)fields[2], 0) < 0 && errno == ESRCH;
}

static bool
make_message(struct session *s, uint64_t random)
{
	struct imap *imap = of(s);
	const char *user = s->common->user;
	struct str error = str_in(s->arena);
	slice host = conn_machine_name(s);
	struct message_opts what = {
		.from = user && strchr(user, '@') ? slice_z(user) : S(""),
		.host = host.at ? host : S("localhost"),
		.now = s->result->wall,
		.id = str_f(s->arena, "mailprobe.%llx", (unsigned long long)random),
	};

	return message_make(s->arena, &what, &imap->message, &error)
	    || fail(s, CAUSE_USAGE, "%s", str_z(&error));
}

bool
imap_scratch_prepare(struct session *s)
{
	struct imap *imap = of(s);
	uint64_t random,
	    expiry = (uint64_t)s->result->wall + MARGIN
	    + (uint64_t)span_as_seconds(s->common->timeout.after);

	if (!imap->opts->scratch)
		return true;
	if (getrandom(&random, sizeof random, GRND_NONBLOCK) != sizeof random)
		return fail(s, CAUSE_LOCAL, "no random numbers for the name of a mailbox");
	imap->scratch.machine = machine(s);
	imap->scratch.base = str_f(s->arena, BASE "%llx-%x-%x-", (unsigned long long)expiry,
	    imap->scratch.machine, (unsigned)getpid());
	imap->scratch.random = random;
	return make_message(s, random);
}

static bool
takes_namespace(struct session *s, const struct imap_response *response)
{
	struct imap *imap = of(s);

	if (response->kind != IMAP_NAMESPACE)
		return false;
	imap->count.found = true;
	if (response->known && imap->scratch.prefix.n == 0)
		imap->scratch.prefix = arena_copy(
		    s->arena, imap_decoded(imap, &response->list.name));
	return true;
}

static bool
takes_leftover(struct session *s, const struct imap_response *response)
{
	struct imap_scratch *scratch = &of(s)->scratch;
	slice name, base;

	if (response->kind != IMAP_LIST)
		return false;
	name = imap_decoded(of(s), &response->list.name);
	base = slice_skip(name, scratch->prefix.n);
	if (slice_starts(name, scratch->prefix) && scratch->leftovers.n < LEFTOVERS
	    && imap_leftover(base, scratch->machine, s->result->wall))
		list_add(s->arena, &scratch->leftovers, arena_copy(s->arena, name));
	return true;
}

/* Where our mailbox may be, and what killed runs have left there. Once in a session. */
static bool
look_around(struct session *s)
{
	struct imap_scratch *scratch = &of(s)->scratch;
	struct imap_command namespace = imap_command(s, "NAMESPACE");
	struct imap_command list = imap_command(s, "LIST \"\" ");

	if (scratch->prepared)
		return true;
	scratch->prefix = S("");
	if (imap_can(s, S("NAMESPACE"))) {
		if (!imap_gather(s, PHASE_NAMESPACE, &namespace, takes_namespace, CAUSE_REJECTED))
			return false;
		if (!of(s)->count.found)
			return fail_reply(s, CAUSE_PROTOCOL, str_slice(&of(s)->reply),
			    "no NAMESPACE came before it");
	}
	imap_add_string(
	    &list, str_f(s->arena, "%.*s" BASE "*", (int)scratch->prefix.n, scratch->prefix.at));
	scratch->prepared = imap_gather(s, PHASE_LIST, &list, takes_leftover, CAUSE_REJECTED);
	return scratch->prepared;
}

static bool
on_mailbox(struct session *s, const char *verb, slice mailbox)
{
	struct imap_command command = imap_command(s, verb);

	str_addc(&command.text, ' ');
	imap_add_string(&command, mailbox);
	return imap_done(s, &command, CAUSE_REJECTED);
}

static bool
create(struct session *s)
{
	struct imap_scratch *scratch = &of(s)->scratch;

	/*
	 * Another each time: Cyrus keeps what was deleted for a while, under its name and the
	 * second.
	 */
	scratch->name = str_f(s->arena, "%.*s%.*s%llx", (int)scratch->prefix.n, scratch->prefix.at,
	    (int)scratch->base.n, scratch->base.at, (unsigned long long)scratch->random++);
	scratch->renamed = str_f(s->arena, "%s" RENAMED, scratch->name.at);
	if (!phase(s, PHASE_CREATE))
		return false;
	conn_reserve(s, span_ms(1000));
	scratch->there = true;
	if (on_mailbox(s, "CREATE", scratch->name))
		return true;
	scratch->there = of(s)->tag.at; /* not when it was refused */
	return false;
}

static bool
rename_mailbox(struct session *s)
{
	struct imap_scratch *scratch = &of(s)->scratch;
	struct imap_command command = imap_command(s, "RENAME ");

	imap_add_string(&command, scratch->name);
	str_addc(&command.text, ' ');
	imap_add_string(&command, scratch->renamed);
	if (!phase(s, PHASE_RENAME))
		return false;
	scratch->moving = true;
	scratch->moved = imap_done(s, &command, CAUSE_REJECTED);
	scratch->moving = of(s)->tag.at; /* not when it was answered */
	return scratch->moved;
}

/*
 * Removes what killed runs have left. That it is refused is no finding: another run may have been
 * quicker, and the next will try again.
 */
bool
imap_sweep(struct session *s)
{
	const struct list *leftovers = &of(s)->scratch.leftovers;

	for (size_t i = 0; i < leftovers->n; i++) {
		struct imap_command command = imap_command(s, "DELETE ");

		imap_add_string(&command, leftovers->items[i]);
		if (!phase(s, PHASE_DELETE) || !imap_say(s, &command))
			return false;
		if (!imap_is_ok(s) && of(s)->response.kind != IMAP_COMPLETION)
			return imap_refused(s, CAUSE_REJECTED);
	}
	return true;
}

/* DELETE of our own, under the name that it has now. */
static bool
delete_mailbox(struct session *s, slice name)
{
	struct imap_scratch *scratch = &of(s)->scratch;

	if (!on_mailbox(s, "DELETE", name))
		return false;
	scratch->there = scratch->moved = false;
	conn_reserve(s, span_ms(0));
	return true;
}

bool
imap_cycle(struct session *s, const struct imap_task *task)
{
	struct imap_scratch *scratch = &of(s)->scratch;

	(void)task;
	if (!look_around(s) || !create(s) || !rename_mailbox(s) || !phase(s, PHASE_DELETE)
	    || !delete_mailbox(s, scratch->renamed))
		return false;
	achieved(s, "mailbox created, renamed and deleted");
	return true;
}

static bool
store(struct session *s)
{
	struct imap *imap = of(s);
	struct imap_command command = imap_command(s, "APPEND ");

	imap_add_string(&command, imap->scratch.name);
	str_addc(&command.text, ' ');
	imap_add_literal(&command, imap->message.text);
	fact_text(s, FACT_MESSAGE_ID, imap->message.id);
	return imap_ok(s, PHASE_APPEND, &command, CAUSE_REJECTED);
}

static bool
open_mailbox(struct session *s)
{
	struct imap_scratch *scratch = &of(s)->scratch;
	bool opened;

	scratch->proven = false;
	opened = imap_open(s, "SELECT", scratch->name, MISSING);
	scratch->open = opened || of(s)->tag.at; /* or may be, where no answer came */
	if (opened && of(s)->mailbox.exists > 1)
		return fail(s, CAUSE_PROTOCOL,
		    "the mailbox that was just created has %llu messages",
		    (unsigned long long)of(s)->mailbox.exists);
	return opened;
}

/* What comes back must be what was stored. */
static bool
read_back(struct session *s)
{
	struct imap *imap = of(s);

	imap->expected = imap->message.text;
	imap->altered = false;
	if (!imap_fetch_message(s, "1:*"))
		return false;
	if (imap->altered || imap->expected.n > 0)
		return fail(s, CAUSE_CONTENT_ALTERED,
		    "%llu octets were stored, and %llu others came back",
		    (unsigned long long)imap->message.text.n, (unsigned long long)imap->count.size);
	imap->expected = MISSING;
	imap->scratch.proven = true;
	return true;
}

/* By its UID, or not at all: a plain EXPUNGE is for those who own all of a mailbox (RFC 4315). */
static bool
expunge(struct session *s)
{
	unsigned long long uid = of(s)->count.uid;
	struct imap_command mark = imap_command(s, "UID STORE "), remove;

	if (!imap_can(s, S("UIDPLUS")))
		return true;
	str_addf(&mark.text, "%llu +FLAGS.SILENT (\\Deleted)", uid);
	if (!imap_ok(s, PHASE_EXPUNGE, &mark, CAUSE_REJECTED))
		return false;
	remove = imap_command(s, "UID EXPUNGE ");
	str_addf(&remove.text, "%llu", uid);
	return imap_done(s, &remove, CAUSE_REJECTED);
}

/*
 * In the phase of the deletion: some servers hang up on whoever deletes the mailbox that is open.
 */
static bool
close_mailbox(struct session *s)
{
	struct imap_command command = imap_command(s, "CLOSE");

	of(s)->mailbox = (struct imap_mailbox){ 0 };
	of(s)->scratch.open = false;
	return imap_done(s, &command, CAUSE_REJECTED);
}

/*
 * CLOSE expunges what it finds marked. Where the mailbox that is open has not shown itself to be
 * ours, a server in disorder may have opened another: EXAMINE lets go of it and marks nothing.
 */
static bool
reopen_mailbox(struct session *s)
{
	struct imap_command command = imap_command(s, "EXAMINE ");

	imap_add_string(&command, of(s)->scratch.name);
	return imap_done(s, &command, CAUSE_REJECTED);
}

bool
imap_append(struct session *s, const struct imap_task *task)
{
	struct imap *imap = of(s);
	struct imap_scratch *scratch = &imap->scratch;

	(void)task;
	if (!look_around(s) || !create(s) || !store(s) || !open_mailbox(s) || !read_back(s)
	    || !expunge(s) || !phase(s, PHASE_DELETE) || !close_mailbox(s)
	    || !delete_mailbox(s, scratch->name))
		return false;
	achieved(s, "message stored, read back and removed");
	return true;
}

void
imap_clean_up(struct session *s)
{
	struct imap *imap = of(s);
	struct imap_scratch *scratch = &imap->scratch;

	if (!scratch->there || !phase(s, PHASE_DELETE))
		return;
	conn_reserve(s, span_ms(0));
	/*
	 * Each is said whatever became of the one before: nobody may be left to answer. But not
	 * behind BYE.
	 */
	if (scratch->open && !scratch->proven && !reopen_mailbox(s) && !of(s)->tag.at)
		scratch->open = false;
	if (scratch->open && conn_usable(s) && !imap->deaf)
		close_mailbox(s);
	if (conn_usable(s) && !imap->deaf)
		on_mailbox(s, "DELETE", scratch->moved ? scratch->renamed : scratch->name);
	if (scratch->moving && conn_usable(s) && !imap->deaf)
		on_mailbox(s, "DELETE", scratch->renamed);
	scratch->there = false;
}
