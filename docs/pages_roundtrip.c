/* SPDX-License-Identifier: BSD-2-Clause */
/* check_mail_roundtrip in prose and in examples. */
#include "pages.h"

static const char *const description[] = {
	"Submits a message, waits until it is in the mailbox, looks at it, and removes it: is mail "
	"delivered, how long did it take, and where did it wait?",
	"Two servers are talked to: one takes the message (--submit: submission, SMTP or LMTP), "
	"the other has the mailbox (--fetch: IMAP or POP3). Both are named by URLs, and the "
	"options of each begin with --submit- and --fetch-. A user whose name is an address has "
	"it in the URL as it is, as in imaps://probe@example.org@imap.example.org; a password is "
	"never there. imap:, pop3: and submission: want STARTTLS, smtp: takes it where it is "
	"offered, lmtp: does without, and a scheme with an s at its end begins with TLS.",
	"The servers' certificates are verified, chain and name and dates, unless "
	"--submit-insecure or --fetch-insecure is given. A password is sent only to a server that "
	"was verified, or on the machine itself.",
	"With --deferred no run waits: each judges the messages of the runs before it and sends "
	"the next. That is for mail that takes minutes or hours.",
	NULL,
};

static const char *const steps[] = {
	"First the fetching side logs in and opens its mailbox: a message that nobody could look "
	"for is not sent. POP3 notes what is there, and ends that session, for a maildrop that is "
	"open may take nothing in.",
	"Then the message is submitted. QUIT follows at once, its answer is read later, and the "
	"clock of delivery starts with the server's acceptance.",
	"Then the message is looked for, first after 5 ms, and from then on in steps of 20 ms or "
	"4 % of the time waited, whichever is more: the moment of its arrival is taken as the "
	"middle between the last look without it and the first with it, and known to 10 ms or 2 %. "
	"There are 200 looks at most; where the deadline is longer than 400 s the steps grow "
	"faster. By IMAP a look is one SEARCH for our Message-ID among what has come since, and "
	"where that finds nothing the UIDNEXT of the mailbox marked \\Junk. Where the server has "
	"IDLE it is listened to between looks that are 200 ms or more apart, and may make the next "
	"one come sooner; it is not relied on, for servers tell of an arrival late. By POP3 a look "
	"is a new session, no sooner than LOGIN-DELAY allows; only the headers of what has come "
	"since are read, by TOP.",
	"What was found is fetched whole, once: its token and its body are verified, the way that "
	"it took is read from it. Then it is removed, and with --key-file what earlier runs have "
	"left. A second of the deadline, or a fifth where that is less, is kept for this.",
	"With --deferred the order is another: the mailbox is opened, searched for messages of "
	"earlier runs, which are judged and removed (delivery is the search then), and the next "
	"message is sent at the end.",
	NULL,
};

static const char *const changes[] = {
	"Nothing stays: the message, its copies, and a delivery report about it are removed. In "
	"between the message is in the mailbox, unread, for whoever looks; give the probe a "
	"mailbox of its own where that disturbs. The submitting server's log has one message more "
	"for each run.",
	"No other message is changed, flagged, fetched or removed. The mailbox is opened by "
	"SELECT, by which messages lose \\Recent. Messages are fetched by BODY.PEEK, and removed "
	"by their UIDs: by UID EXPUNGE where the server has UIDPLUS. Where it has not, EXPUNGE, "
	"which removes all that is flagged \\Deleted, is said only when nothing else is; otherwise "
	"our message is left with that flag on, and the result says so (left).",
	"By POP3 only our own message is retrieved, and delivery reports that come meanwhile; only "
	"ours and what is about it is deleted. The headers of what else comes are read by TOP, and "
	"with --key-file those of the newest 50 messages; a server without TOP has to give such "
	"messages whole. The maildrop is locked while it is looked into: its user's mail client "
	"may have to try again.",
	"A run that is killed may leave its message. With the same --key-file the next run removes "
	"it; without, nobody knows it again. --until names no phase between the submission and the "
	"cleanup: a message would be left behind.",
	NULL,
};

static const struct block more[] = {
	{ .section = "THE MESSAGE",
	    .text = "A short text in English, or --body-file; Date, From, To and Subject as usual; "
	            "Auto-Submitted: auto-generated, so that no vacation notice answers it. It is "
	            "sent in seven bits, so that no server has reason to encode it anew. What "
	            "tells it from all other mail is a token, in its Message-ID and, for systems "
	            "that change that, in X-Mailprobe-Token:" },
	{ .code = "mp1-INSTANCE-SEQUENCE-SENT-UNTIL-BODY-SIGNATURE\n" },
	{ .text = "in hexadecimal: who has sent it, its number, when, until when its run waits for "
	          "it, the first 64 bits of the SHA-256 of its body, and the first 128 bits of the "
	          "HMAC-SHA-256 of all this, by the key of --key-file. Only what has a token that "
	          "this key has signed is ever counted or removed. Line ends and empty lines at "
	          "the end of the body do not count as a change of it." },

	{ .section = "KEYS AND BOOKS",
	    .text = "Without --key-file each run makes a key of its own, and knows its one message "
	            "and no other: that is enough for a plain check. A key file has 16 bytes or "
	            "more, whatever they are:" },
	{ .code = "head -c 32 /dev/urandom >/etc/mailprobe/probe.key\n"
	          "chown nagios /etc/mailprobe/probe.key\n"
	          "chmod 400 /etc/mailprobe/probe.key\n" },
	{ .text = "With a key a run also removes what earlier ones have left, once their time is "
	          "over. All checks and machines may share one: their messages have different "
	          "numbers, and a run that still waits is never disturbed. Whoever has the key can "
	          "write messages that are taken for ours, and no more than that; keep it from "
	          "those who send mail to the mailbox." },
	{ .text = "With --state-file there are books too: which messages were sent and what became "
	          "of them, so that sent = received + lost + in flight at any moment, also when a "
	          "run is killed. A message is sent from the moment before its text goes out; one "
	          "that the server refuses is taken back. It is lost when it has not come by the "
	          "deadline of its run, with --deferred by --lost-after, and stays lost in the "
	          "count: if it comes after all it is late besides, and is removed." },
	{ .text =
	        "The file is an SQLite database; it is made where it is missing, readable by its "
	        "owner only. It belongs to one pair of --submit and --fetch: two mailboxes in one "
	        "file would call each other's messages lost. Two runs of one pair at once are no "
	        "harm. Its folder has to be on a disk of this machine and writable by whoever "
	        "runs the check, for FILE-wal and FILE-shm are beside it while it is open, and "
	        "after a kill: they belong to it, and are not to be removed. A file that is "
	        "damaged, or another program's, is not touched, and the result is UNKNOWN "
	        "(local); so it is where the disk is full. To begin anew, remove all three." },

	{ .section = "HOPS AND CLOCKS",
	    .text = "Each server on the way writes a Received field with its name and its time. "
	            "hops has a line for each: how long after the one before, whether the message "
	            "came to it by TLS, and how far its clock seems to be off. hop_delay is the "
	            "longest of these times, hop_delay[NAME] that of one server, hops_in_clear "
	            "counts those that got it over the network without TLS, LMTP included." },
	{ .text = "These times are in whole seconds, and by the servers' own clocks. A server's "
	          "clock that cannot be right, before the message was sent or after it was seen, "
	          "is taken to be off by as little as it must be (clock_offset), and what it "
	          "stamped is moved by that: no time is negative, and their sum is never more "
	          "than the delay." },
	{ .text = "spf, dkim and dmarc are the results in the topmost Authentication-Results "
	          "field, of the host auth_results_by. That is the receiving host's where it adds "
	          "one: it has to, for --require-auth-results to mean something." },

	{ .section = "GREYLISTING AND BOUNCES",
	    .text = "A temporary refusal of MAIL, RCPT, DATA or the message (4yz) is no verdict "
	            "yet: the same envelope is tried again in a new session, after 1 s, 2 s, 4 s "
	            "and so on, a minute at most, as long as the deadline has room for it. If it "
	            "is taken then, greylisted says what the server had said, and attempts how "
	            "often it was tried; else the result is tempfail, a WARNING. Greylisting "
	            "usually wants some minutes: give -t that long, and the scheduler of your "
	            "monitoring as well." },
	{ .text = "A report that the message could not be delivered, where it comes into the "
	          "mailbox that is looked into, ends the wait at once: the cause is rejected, in "
	          "delivery, with the status and the words of the server that refused it. It goes "
	          "to the sender, so --from should be an address of that mailbox. A report of a "
	          "delay is told as report, and the wait goes on." },

	{ .section = "COPIES AND REPLAYS",
	    .text =
	        "A message that comes twice is duplicated, a WARNING; all copies are removed. "
	        "With books a message that was settled before and comes again is such a copy "
	        "if it came while its run waited. One that came later may be sent by somebody "
	        "who has seen it: it is left. So is one that the books do not know, and without "
	        "books one of an earlier run whose body is not what was sent. What is left is "
	        "listed in left, and is no finding. A run removes 66 messages at most, the "
	        "next one what remains." },
	{ .last = true },
};

#define SUBMIT \
	"--submit=submission://probe@example.org@mail.example.org " \
	"--submit-password-file=/etc/mailprobe/probe.pass "
#define FETCH \
	"--fetch=imaps://probe@example.org@imap.example.org " \
	"--fetch-password-file=/etc/mailprobe/probe.pass "
#define KEY "--key-file=/etc/mailprobe/probe.key "
#define BOOKS KEY "--state-file=/var/lib/mailprobe/loop.db "

/* clang-format off: a question, and the options that answer it */
static const struct example examples[] = {
	{ "Does what a user submits come into the mailbox within a minute? The password is the "
	  "first line of a file that only the monitoring user can read; the key lets the next run "
	  "clean up behind one that was killed.",
	    SUBMIT FETCH KEY "-t 60" },
	{ "The same, with limits: acceptance within two seconds, delivery within five, and no "
	  "server that kept it for longer than ten.",
	    SUBMIT FETCH KEY "-t 60 -w submit=2 -w delay=5 -c delay=30 -w hop_delay=10" },
	{ "Does mail from outside come in? As a stranger, by the MX, which greylists: up to ten "
	  "minutes are waited.",
	    "--submit=smtp://mx1.example.org --from=probe@example.net "
	    "--rcpt=probe@example.org " FETCH KEY "-t 600" },
	{ "Mail that goes to another provider, is forwarded back from there, and takes its time: "
	  "every run sends a message and judges those before it. One that has not come after two "
	  "hours is lost; more than five under way are a WARNING.",
	    SUBMIT "--rcpt=loop@example.net " FETCH BOOKS
	           "--deferred --lost-after=7200 -w delay=600 -w in_flight=5" },
	{ "Is what we send signed, and do others believe us? SPF, DKIM and DMARC have to pass at "
	  "the receiving host, else it is CRITICAL.",
	    SUBMIT
	    "--fetch=imaps://probe@mail.example.net "
	    "--fetch-password-file=/etc/mailprobe/outside.pass --rcpt=probe@example.net -t 120 "
	    "--require-auth-results=spf,dkim,dmarc --unexpected=critical" },
	{ "Junk is a folder like another, which the filter sorts into: the message is expected "
	  "there. Where it is expected in INBOX and comes into the mailbox marked \\Junk, it is "
	  "found and the result is junked, a WARNING.",
	    SUBMIT "--fetch=imaps://probe@example.org@imap.example.org/Junk "
	           "--fetch-password-file=/etc/mailprobe/probe.pass --subject='like spam' -t 60" },
	{ "Does the delivery agent put into the maildrop what it takes? LMTP in, POP3 out.",
	    "--submit=lmtp://mda.example.org --from=probe@example.org "
	    "--fetch=pop3s://probe@example.org@pop.example.org "
	    "--fetch-password-file=/etc/mailprobe/probe.pass -t 30" },
	{ "Other ports and a CA of one's own.",
	    "--submit=submission://probe@example.org@mail.example.org:2587 "
	    "--submit-password-file=/etc/mailprobe/probe.pass "
	    "--submit-ca-file=/etc/mailprobe/ca.pem "
	    "--fetch=imap://probe@example.org@mail.example.org:2143/Archive/2026 "
	    "--fetch-password-file=/etc/mailprobe/probe.pass "
	    "--fetch-ca-file=/etc/mailprobe/ca.pem" },
	{ "For a person: where does the time go?", SUBMIT FETCH "-t 60 -o waterfall" },
	{ NULL, NULL },
};

#define LOGIN_SUBMIT \
	"--submit='submission://$ARG1$' --submit-password-file='$_SERVICEMAIL_PASSWORD_FILE$' "
#define LOGIN_FETCH "--fetch='imaps://$ARG2$' --fetch-password-file='$_SERVICEMAIL_PASSWORD_FILE$' "

static const struct command commands[] = {
	{ "check_mail_roundtrip",
	    "From submission at $ARG1$ to IMAP at $ARG2$, each USER@HOST; this and the following "
	    "log in by the custom variable _MAIL_PASSWORD_FILE of the service. $ARG3$: more "
	    "options.",
	    LOGIN_SUBMIT LOGIN_FETCH "$ARG3$" },
	{ "check_mail_roundtrip_deferred",
	    "The same for mail that takes minutes, with the custom variables _MAIL_KEY_FILE and "
	    "_MAIL_STATE_FILE, a file for each service. $ARG3$: more options.",
	    LOGIN_SUBMIT LOGIN_FETCH "--deferred --key-file='$_SERVICEMAIL_KEY_FILE$' "
	                             "--state-file='$_SERVICEMAIL_STATE_FILE$' $ARG3$" },
	{ "check_mail_roundtrip_mx",
	    "From outside, by the MX $ARG1$, to IMAP at $ARG2$, USER@HOST; the custom variables "
	    "_MAIL_FROM and _MAIL_RCPT are sender and recipient. $ARG3$: more options.",
	    "--submit='smtp://$ARG1$' --from='$_SERVICEMAIL_FROM$' "
	    "--rcpt='$_SERVICEMAIL_RCPT$' " LOGIN_FETCH "$ARG3$" },
	{ "check_mail_roundtrip_pop3",
	    "From submission at $ARG1$ to POP3 at $ARG2$, each USER@HOST. $ARG3$: more options.",
	    LOGIN_SUBMIT
	    "--fetch='pop3s://$ARG2$' --fetch-password-file='$_SERVICEMAIL_PASSWORD_FILE$' "
	    "$ARG3$" },
	{ "check_mail_roundtrip_lmtp",
	    "From LMTP at the host $ARG1$ to IMAP at $ARG2$, USER@HOST; the custom variable "
	    "_MAIL_FROM is the sender. $ARG3$: more options.",
	    "--submit='lmtp://$ARG1$' --from='$_SERVICEMAIL_FROM$' " LOGIN_FETCH "$ARG3$" },
	{ NULL, NULL, NULL },
};
/* clang-format on */

const struct page page_roundtrip = {
	.description = description,
	.steps = steps,
	.changes = changes,
	.values =
	    "delay is from acceptance to arrival; with --deferred it is what the mailbox says of "
	    "the arrival (INTERNALDATE, or the last Received), in whole seconds. sent, received, "
	    "lost and in_flight are there with --state-file alone, and are those of all runs so "
	    "far. The "
	    "result also has the delay of each server, as hop_delay[mx1.example.org]: what "
	    "servers there are is not known before, so that a threshold of one that the message "
	    "does not pass is met.",
	.more = more,
	.examples = examples,
	.commands = commands,
	.see_also =
	    "check_mail_smtp(8), check_mail_imap(8), check_mail_pop3(8), mailprobe.yml(5), "
	    "RFC 5321 (SMTP), RFC 6409 (submission), RFC 2033 (LMTP), RFC 9051 (IMAP), RFC 2177 "
	    "(IDLE), RFC 4315 (UIDPLUS), RFC 6154 (SPECIAL-USE), RFC 1939 (POP3), RFC 3464 "
	    "(delivery status), RFC 3834 (Auto-Submitted), RFC 8601 (Authentication-Results), "
	    "RFC 6647 (greylisting)",
};
