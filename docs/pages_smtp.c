/* SPDX-License-Identifier: BSD-2-Clause */
/* check_mail_smtp in prose and in examples. */
#include "pages.h"

static const char *const description[] = {
	"Runs one conversation with an SMTP, submission or LMTP server, step by step, and measures "
	"each step on its own. It stops at the first step that fails, and tells which one that "
	"was, why, and what the server said about it.",
	"Without further options the server is greeted and left: connection, banner, EHLO, QUIT. "
	"Each option adds steps: --tls and the port TLS, a user and a password the login, --rcpt "
	"an envelope that is taken back by RSET, --send a message. Nothing is delivered without "
	"--send.",
	"The server's certificate is verified, chain and name and dates, unless --insecure is "
	"given. A password is sent only to a server that was verified, or on the machine itself.",
	"With --dane it is verified as a sending server does by RFC 7672: by the TLSA records of "
	"HOST and its port, usages 2 and 3, which must be signed. The signatures are checked here, "
	"from --dnssec-anchor down, so that a resolver need not be trusted. One record that "
	"matches is enough, and then no CA is asked; of usage 3 neither name nor dates count, "
	"though -D still tells of the end. Each record is told with whether it matches: the next "
	"key's, or one that was forgotten, does no harm beside a good one. If none matches, if "
	"there are none, or if they or the addresses are not signed, that is dane_mismatch; if the "
	"DNS fails or a signature is wrong, dns_failure. Where there are records, "
	"--tls=opportunistic insists on STARTTLS and on a match; where there are none it goes on, "
	"as it would without --dane. Among the records of one usage and selector a SHA2-512 digest "
	"puts those by SHA2-256 out of force. An alias within signed zones is followed: the "
	"records at its end come first, and the name there is the one that SNI asks for.",
	NULL,
};

static const struct example examples[] = {
	{ "Does the server for incoming mail answer, offer STARTTLS, and have a certificate for "
	  "two more weeks?",
	    "-H mx1.example.org --tls=starttls -D 14,7" },
	{ "Would a sending server that goes by DANE deliver to it?",
	    "-H mx1.example.org --tls=starttls --dane" },
	{ "Can users log in to send mail, and does it take no longer than two seconds? The "
	  "password is the first line of a file that only the monitoring user can read.",
	    "-H mail.example.org -p 587 -U probe@example.org "
	    "--password-file=/etc/mailprobe/probe.pass -w 2 -c 10 -c auth=5" },
	{ "The same on the port with TLS from the start, with a message that has to be accepted.",
	    "-H mail.example.org -p 465 -U probe@example.org "
	    "--password-file=/etc/mailprobe/probe.pass --rcpt=sink@example.org --send -c send=5" },
	{ "Would the server take mail for a stranger's domain from a stranger? Nothing is sent: "
	  "the recipient is offered, and must be refused.",
	    "-H mx1.example.org --from=probe@example.org --deny-rcpt=someone@example.net" },
	{ "Is there a mailbox behind an LMTP server?",
	    "-H mda.example.org --lmtp --from= --rcpt=postmaster@example.org" },
	{ "A server behind a load balancer that speaks the PROXY protocol, on an address of its "
	  "own.",
	    "-H mail.example.org -I 192.0.2.25 --proxy-protocol=2" },
	{ "Only a strong mechanism, and nothing but STARTTLS before it.",
	    "-H mail.example.org -p 587 --tls=starttls --tls-min=1.2 --require=AUTH "
	    "-U probe@example.org --password-file=/etc/mailprobe/probe.pass --auth=SCRAM-SHA-256" },
	{ "A command line of check_smtp's.",
	    "-H mx1.example.org -S -D 30,14 -f probe@example.org -C 'VRFY postmaster' -R "
	    "'^25[012]' -w 2 -c 5" },
	{ "For a person: where does the time go?",
	    "-H mx1.example.org --tls=starttls -o waterfall" },
	{ NULL, NULL },
};

static const struct command commands[] = {
	{ "check_mail_smtp", "Greeting and EHLO. $ARG1$: more options.", "$ARG1$" },
	{ "check_mail_smtp_starttls",
	    "STARTTLS with a good certificate for more than $ARG1$ days (WARN,CRIT). $ARG2$: more "
	    "options.",
	    "--tls=starttls -D '$ARG1$' $ARG2$" },
	{ "check_mail_smtps",
	    "TLS from the start on port 465, the certificate good for more than $ARG1$ days "
	    "(WARN,CRIT). $ARG2$: more options.",
	    "--tls=implicit -D '$ARG1$' $ARG2$" },
	{ "check_mail_submission",
	    "Login on port 587 by the custom variables _MAIL_USER and _MAIL_PASSWORD_FILE of the "
	    "service. $ARG1$: more options.",
	    "-p 587 --tls=starttls -U '$_SERVICEMAIL_USER$' "
	    "--password-file='$_SERVICEMAIL_PASSWORD_FILE$' $ARG1$" },
	{ "check_mail_submission_send",
	    "The same, and a message to the custom variable _MAIL_RCPT of the service. $ARG1$: "
	    "more options.",
	    "-p 587 --tls=starttls -U '$_SERVICEMAIL_USER$' "
	    "--password-file='$_SERVICEMAIL_PASSWORD_FILE$' --rcpt='$_SERVICEMAIL_RCPT$' --send "
	    "$ARG1$" },
	{ "check_mail_rcpt",
	    "The recipient $ARG1$ is accepted; nothing is sent. $ARG2$: more "
	    "options.",
	    "--rcpt='$ARG1$' $ARG2$" },
	{ "check_mail_relay",
	    "The recipient $ARG1$, who is none of the server's, is refused. $ARG2$: more options.",
	    "--deny-rcpt='$ARG1$' $ARG2$" },
	{ "check_mail_lmtp", "LMTP on port 24, with the recipient $ARG1$. $ARG2$: more options.",
	    "--lmtp --rcpt='$ARG1$' $ARG2$" },
	{ NULL, NULL, NULL },
};

const struct page page_smtp = {
	.description = description,
	.examples = examples,
	.commands = commands,
	.see_also = "RFC 5321 (SMTP), RFC 6409 (submission), RFC 2033 (LMTP), RFC 3207 (STARTTLS), "
	            "RFC 4954 (AUTH), RFC 8314 (TLS for submission), RFC 7671 and RFC 7672 (DANE)",
};
