/* SPDX-License-Identifier: BSD-2-Clause */
/* check_mail_pop3 in prose and in examples. */
#include "pages.h"

static const char *const description[] = {
	"Runs one conversation with a POP3 server, step by step, and measures each step on its "
	"own. It stops at the first step that fails, and tells which one that was, why, and what "
	"the server said about it.",
	"Without further options the server is greeted, asked for its capabilities, and left: "
	"connection, banner, CAPA, QUIT. With a user and a password it logs in, behind STLS "
	"unless --tls says otherwise, and counts the messages. Further options list and retrieve "
	"them.",
	"The login is by the strongest mechanism that is offered, APOP among them, which the "
	"greeting offers; --auth=apop and --auth=user ask for APOP and for the commands USER and "
	"PASS, which are the last resort.",
	"The server's certificate is verified, chain and name and dates, unless --insecure is "
	"given. A password is sent only to a server that was verified, or on the machine itself.",
	"With --dane it is verified by the signed TLSA records of HOST and its port, of usage 2 "
	"or 3, as check_mail_smtp(8) has it.",
	NULL,
};

static const char *const steps[] = {
	"The options from --stat to --dele are steps, done one by one in the order in which they "
	"are written. They need a login. Each may be repeated, and has a number behind its name "
	"in the result then: retr, retr_2. Without any, a login is followed by STAT.",
	"What the server says twice has to agree: LIST and UIDL with STAT, in the number of "
	"messages and, LIST, in their size; a message that is retrieved with its size in LIST, "
	"which --retr asks for first where it is not known. A size may count a line end as one "
	"octet.",
	NULL,
};

static const char *const changes[] = {
	"Nothing is deleted without --dele. --retr leaves to the server whether a message that "
	"was retrieved is read: Dovecot, unless pop3_no_flag_updates is set, and Courier have it "
	"marked as \\Seen for IMAP; and some servers are set to delete what was retrieved.",
	"--dele deletes the messages that it names, for good, when the check says QUIT. It does "
	"so only if everything before has gone well; if anything has not, or --expect or "
	"--require was not met, it says RSET, and nothing is deleted. Thresholds are no such "
	"failure: they are looked at when all is over. QUIT is waited for with the whole "
	"deadline, and its failure counts. The numbers are in the result, as deleted.",
	"A maildrop is locked while somebody is logged in: a check and its user's own mail "
	"client may meet, and the second of them has to try again later (tempfail, a WARNING).",
	NULL,
};

/* clang-format off: a question, and the options that answer it */
static const struct example examples[] = {
	{ "Does the server answer, offer STLS, and have a certificate for two more weeks?",
	    "-H pop.example.org --tls=starttls -D 14,7" },
	{ "Can users log in and see how many messages they have, within two seconds? The password "
	  "is the first line of a file that only the monitoring user can read.",
	    "-H pop.example.org -p 995 -U probe@example.org "
	    "--password-file=/etc/mailprobe/probe.pass -w 2 -c 10 -c auth=5" },
	{ "What a mail client does at each visit, and is the maildrop larger than 50 MB?",
	    "-H pop.example.org -p 995 -U probe@example.org "
	    "--password-file=/etc/mailprobe/probe.pass --stat --uidl --list "
	    "-w size_bytes=50000000" },
	{ "Can a message be retrieved, whole, with the size that LIST says?",
	    "-H pop.example.org -p 995 -U probe@example.org "
	    "--password-file=/etc/mailprobe/probe.pass --retr=last -c retr=5" },
	{ "Retrieve the first message and delete it. This one is not undone.",
	    "-H pop.example.org -p 995 -U sink@example.org "
	    "--password-file=/etc/mailprobe/sink.pass --retr=1 --dele=1" },
	{ "An old server without TLS that takes APOP, in a network that is trusted.",
	    "-H pop.example.org --tls=none --auth=apop --allow-cleartext-auth "
	    "-U probe@example.org --password-file=/etc/mailprobe/probe.pass" },
	{ "A command line of check_pop's.",
	    "-H pop.example.org -p 995 -S -D 30,14 -e ready -w 2 -c 5" },
	{ "For a person: where does the time go?",
	    "-H pop.example.org -p 995 -U probe@example.org "
	    "--password-file=/etc/mailprobe/probe.pass --list --retr=last -o waterfall" },
	{ NULL, NULL },
};
/* clang-format on */

#define LOGIN \
	"-p 995 --tls=implicit -U '$_SERVICEMAIL_USER$' " \
	"--password-file='$_SERVICEMAIL_PASSWORD_FILE$' "

static const struct command commands[] = {
	{ "check_mail_pop3", "Greeting and CAPA. $ARG1$: more options.", "$ARG1$" },
	{ "check_mail_pop3_starttls",
	    "STLS with a good certificate for more than $ARG1$ days (WARN,CRIT). $ARG2$: more "
	    "options.",
	    "--tls=starttls -D '$ARG1$' $ARG2$" },
	{ "check_mail_pop3s",
	    "TLS from the start on port 995, the certificate good for more than $ARG1$ days "
	    "(WARN,CRIT). $ARG2$: more options.",
	    "--tls=implicit -D '$ARG1$' $ARG2$" },
	{ "check_mail_pop3_login",
	    "Login on port 995, and STAT. This and the following log in by the custom variables "
	    "_MAIL_USER and _MAIL_PASSWORD_FILE of the service. $ARG1$: more options.",
	    LOGIN "$ARG1$" },
	{ "check_mail_pop3_list",
	    "At most $ARG1$ messages are in the maildrop (WARN), $ARG2$ (CRIT), and LIST and UIDL "
	    "have them all. $ARG3$: more options.",
	    LOGIN "--stat --list --uidl -w messages='$ARG1$' -c messages='$ARG2$' $ARG3$" },
	{ "check_mail_pop3_retr",
	    "The newest message can be retrieved, with the size that LIST says. $ARG1$: more "
	    "options.",
	    LOGIN "--retr=last $ARG1$" },
	{ NULL, NULL, NULL },
};

const struct page page_pop3 = {
	.description = description,
	.steps = steps,
	.changes = changes,
	.examples = examples,
	.commands = commands,
	.see_also =
	    "RFC 1939 (POP3), RFC 2449 (CAPA), RFC 2595 (STLS), RFC 5034 (AUTH), RFC 3206 and "
	    "RFC 2449 (response codes), RFC 8314 (TLS for mail access)",
};
