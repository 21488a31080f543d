/* SPDX-License-Identifier: BSD-2-Clause */
/* check_mail_imap in prose and in examples. */
#include "pages.h"

static const char *const description[] = {
	"Runs one conversation with an IMAP server, step by step, and measures each step on its "
	"own. It stops at the first step that fails, and tells which one that was, why, and what "
	"the server said about it.",
	"Without further options the server is greeted, asked for its capabilities, and left: "
	"connection, banner, CAPABILITY, LOGOUT. With a user and a password it logs in, behind "
	"STARTTLS unless --tls says otherwise, and opens INBOX without changing anything in it. "
	"Further options do what a mail client does.",
	"The login is by the strongest mechanism that is offered; the command LOGIN, which "
	"--auth=login asks for, is the last resort.",
	"The server's certificate is verified, chain and name and dates, unless --insecure is "
	"given. A password is sent only to a server that was verified, or on the machine itself.",
	"With --dane it is verified by the signed TLSA records of HOST and its port, of usage 2 "
	"or 3, as check_mail_smtp(8) has it.",
	NULL,
};

static const char *const steps[] = {
	"The options from --list to --quota are steps, done one by one in the order in which "
	"they are written. They need a login. Each may be repeated, and has a number behind its "
	"name in the result then: select, select_2.",
	"--sizes, --search, --fetch, --idle and --quota are about the mailbox that is open: the "
	"one of the --select or --examine before them, else INBOX, by EXAMINE. INBOX is also "
	"opened where no --select or --examine is given at all, so that a login alone shows "
	"whether a mailbox can be read.",
	"--cycle and --append work in a mailbox of their own. --append leaves no mailbox open; "
	"where a later step needs the one from before, it is opened again.",
	"Names of mailboxes are written in UTF-8, with the server's own delimiter: Archive/2026 "
	"or INBOX.Archive.2026. --list shows them.",
	NULL,
};

static const char *const changes[] = {
	"Nothing that is in a mailbox is changed. Mailboxes are opened by EXAMINE, and messages "
	"are fetched by BODY.PEEK: no flag is set or taken away, and what is unread stays so.",
	"--select opens a mailbox as a mail client does, by which the messages in it lose "
	"\\Recent, and nothing else.",
	"--cycle and --append create a mailbox of their own and delete it: on success, on "
	"failure, and when the deadline passes, for which a second of it is kept back. Its name "
	"is mailprobe-EXPIRY-MACHINE-PID-RANDOM, four hexadecimal numbers, in the user's first "
	"personal namespace; --cycle renames it to the same with -renamed behind it. The message "
	"of --append is removed by its own UID first, where the server can do that.",
	"A run that is killed may leave such a mailbox. The next --cycle or --append on that "
	"account deletes it, if the time in its name has passed, or if it is this machine's and "
	"its process is no more. A mailbox whose name differs from that form in the least is "
	"never touched. Runs of both on one account at the same time do not harm each other, but a "
	"server may make them wait, as Dovecot does: let each monitoring host have an account.",
	"A wrong password counts as a failed login. It counts twice where the server offers "
	"SCRAM with channel binding under TLS 1.3 and --auth names no mechanism: some servers "
	"offer that and cannot do it, so that the same mechanism is tried without.",
	NULL,
};

/* clang-format off: a question, and the options that answer it */
static const struct example examples[] = {
	{ "Does the server answer, offer STARTTLS, and have a certificate for two more weeks?",
	    "-H imap.example.org --tls=starttls -D 14,7" },
	{ "Can users log in and see their mail, and does it take no longer than two seconds? The "
	  "password is the first line of a file that only the monitoring user can read.",
	    "-H imap.example.org -p 993 -U probe@example.org "
	    "--password-file=/etc/mailprobe/probe.pass -w 2 -c 10 -c auth=5 -c select=3" },
	{ "Can they also read a message? The newest one is fetched, whole, and stays unread.",
	    "-H imap.example.org -p 993 -U probe@example.org "
	    "--password-file=/etc/mailprobe/probe.pass --fetch=last -c fetch=5" },
	{ "Can a program log in to a mailbox of Microsoft 365? Tokens are kept for the next run.",
	    "-H outlook.office365.com -p 993 -U probe@example.org --auth=XOAUTH2 "
	    "--oauth-endpoint=https://login.microsoftonline.com/TENANT/oauth2/v2.0/token "
	    "--oauth-client-id=CLIENT --oauth-client-secret-file=/etc/mailprobe/oauth.secret "
	    "--oauth-scope=https://outlook.office365.com/.default "
	    "--oauth-cache=/var/lib/mailprobe/tokens" },
	{ "Is the shared folder still there, and can it be opened?",
	    "-H imap.example.org -p 993 -U probe@example.org "
	    "--password-file=/etc/mailprobe/probe.pass --examine=Shared/Support" },
	{ "Is anything in the queue folder older than a day, or are there more than a hundred "
	  "messages in it?",
	    "-H imap.example.org -p 993 -U probe@example.org "
	    "--password-file=/etc/mailprobe/probe.pass --examine=Queue --sizes -c messages=100 "
	    "-c oldest_age=86400" },
	{ "Has the nightly report come? It is CRITICAL if there is none with this subject.",
	    "-H imap.example.org -p 993 -U probe@example.org "
	    "--password-file=/etc/mailprobe/probe.pass "
	    "--search='SUBJECT \"Nightly report\" SINCE 1-Feb-2026' -c matches=1:" },
	{ "Is the account nearly full, and is there too much in Junk?",
	    "-H imap.example.org -p 993 -U probe@example.org "
	    "--password-file=/etc/mailprobe/probe.pass --quota --status=INBOX --status=Junk "
	    "-w quota_used_percent=80 -c quota_used_percent=95 -w 'messages[Junk]=1000'" },
	{ "Everything that a mail client does to folders and messages, in a mailbox of its own: "
	  "create, rename, delete; store, read back, expunge.",
	    "-H imap.example.org -p 993 -U probe@example.org "
	    "--password-file=/etc/mailprobe/probe.pass --cycle --append -t 20 -c append=5" },
	{ "What phones need: is IDLE there, and does it work?",
	    "-H imap.example.org -p 993 -U probe@example.org "
	    "--password-file=/etc/mailprobe/probe.pass --require=IDLE --idle" },
	{ "Is no password taken before TLS? LOGINDISABLED has to be among the capabilities.",
	    "-H imap.example.org --tls=none --require=LOGINDISABLED --forbid=AUTH=PLAIN" },
	{ "A command line of check_imap's.",
	    "-H imap.example.org -p 993 -S -D 30,14 -e Dovecot -M crit -w 2 -c 5" },
	{ "For a person: where does the time go?",
	    "-H imap.example.org -p 993 -U probe@example.org "
	    "--password-file=/etc/mailprobe/probe.pass --list --sizes -o waterfall" },
	{ NULL, NULL },
};
/* clang-format on */

#define LOGIN \
	"-p 993 --tls=implicit -U '$_SERVICEMAIL_USER$' " \
	"--password-file='$_SERVICEMAIL_PASSWORD_FILE$' "

static const struct command commands[] = {
	{ "check_mail_imap", "Greeting and CAPABILITY. $ARG1$: more options.", "$ARG1$" },
	{ "check_mail_imap_starttls",
	    "STARTTLS with a good certificate for more than $ARG1$ days (WARN,CRIT). $ARG2$: more "
	    "options.",
	    "--tls=starttls -D '$ARG1$' $ARG2$" },
	{ "check_mail_imaps",
	    "TLS from the start on port 993, the certificate good for more than $ARG1$ days "
	    "(WARN,CRIT). $ARG2$: more options.",
	    "--tls=implicit -D '$ARG1$' $ARG2$" },
	{ "check_mail_imap_login",
	    "Login on port 993, and INBOX can be opened. This and the following log in by the "
	    "custom variables _MAIL_USER and _MAIL_PASSWORD_FILE of the service. $ARG1$: more "
	    "options.",
	    LOGIN "$ARG1$" },
	{ "check_mail_imap_mailbox",
	    "The mailbox $ARG1$ can be opened, and read: its newest message is fetched. $ARG2$: "
	    "more options.",
	    LOGIN "--examine='$ARG1$' --fetch=last $ARG2$" },
	{ "check_mail_imap_age",
	    "No message in the mailbox $ARG1$ is older than $ARG2$ seconds (WARN) or $ARG3$ "
	    "(CRIT). $ARG4$: more options.",
	    LOGIN
	    "--examine='$ARG1$' --sizes -w oldest_age='$ARG2$' -c oldest_age='$ARG3$' $ARG4$" },
	{ "check_mail_imap_quota",
	    "The account is at most $ARG1$ percent full (WARN), $ARG2$ (CRIT). $ARG3$: more "
	    "options.",
	    LOGIN "--quota -w quota_used_percent='$ARG1$' -c quota_used_percent='$ARG2$' $ARG3$" },
	{ "check_mail_imap_cycle",
	    "A mailbox of its own is created, renamed and deleted, a message stored in one, read "
	    "back and removed. $ARG1$: more options.",
	    LOGIN "--cycle --append $ARG1$" },
	{ NULL, NULL, NULL },
};

const struct page page_imap = {
	.description = description,
	.steps = steps,
	.changes = changes,
	.values = "From messages to matches they are those of the first mailbox. Where several "
	          "are opened or asked about, each has its own as well, with its name in brackets: "
	          "messages[Archive/2026].",
	.examples = examples,
	.commands = commands,
	.see_also =
	    "RFC 9051 (IMAP4rev2), RFC 3501 (IMAP4rev1), RFC 8314 (TLS for mail access), RFC "
	    "4315 (UIDPLUS), RFC 2177 (IDLE), RFC 9208 (QUOTA), RFC 5530 (response codes)",
};
