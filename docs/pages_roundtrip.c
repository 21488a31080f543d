/* SPDX-License-Identifier: BSD-2-Clause */
/* check_mail_roundtrip in prose and in examples. */
#include "pages.h"

static const char *const description[] = {
	"Submits a message, waits until it is in the mailbox, looks at it, and removes it: is mail "
	"delivered, how long did it take, and where did it wait?",
	"The fetching side logs in and opens its mailbox first: a message that nobody could look "
	"for is not sent. Then the message is submitted, to be looked for in steps that begin "
	"with 20 ms and grow with the time waited, and where the server has IDLE it is listened "
	"to in between. What was found is fetched, judged and removed.",
	NULL,
};

/* clang-format off: a question, and the options that answer it */
static const struct example examples[] = {
	{ "Does what a user submits come into the mailbox within a minute?",
	    "--submit=submission://probe@example.org@mail.example.org "
	    "--submit-password-file=/etc/mailprobe/probe.pass "
	    "--fetch=imaps://probe@example.org@imap.example.org/INBOX "
	    "--fetch-password-file=/etc/mailprobe/probe.pass -t 60" },
	{ NULL, NULL },
};

static const struct command commands[] = {
	{ "check_mail_roundtrip",
	    "From submission at $ARG1$ to IMAP at $ARG2$, each USER@HOST; the "
	    "password file is the service's custom variable _MAIL_PASSWORD_FILE. $ARG3$: more "
	    "options.",
	    "--submit='submission://$ARG1$' --submit-password-file='$_SERVICEMAIL_PASSWORD_FILE$' "
	    "--fetch='imaps://$ARG2$' --fetch-password-file='$_SERVICEMAIL_PASSWORD_FILE$' $ARG3$" },
	{ NULL, NULL, NULL },
};
/* clang-format on */

const struct page page_roundtrip = {
	.description = description,
	.examples = examples,
	.commands = commands,
	.see_also =
	    "RFC 5321 (SMTP), RFC 6409 (submission), RFC 9051 (IMAP), RFC 2177 (IDLE), RFC 4315 "
	    "(UIDPLUS), RFC 6154 (SPECIAL-USE), RFC 1939 (POP3), RFC 3464 (delivery status), "
	    "RFC 8601 (Authentication-Results), RFC 6647 (greylisting)",
};
