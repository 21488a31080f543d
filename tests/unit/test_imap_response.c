/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * IMAP responses as servers send them, literals and all: each row is what comes over the wire, and
 * what must be understood of it, in words. The reader that takes literals from the connection is
 * played here. The examples are those of the RFCs and of the servers that are named.
 */
#include "check.h"

#include "imap_response.h"
#include "str.h"

static const struct row {
	const char *wire, *wanted;
} rows[] = {
	/* Conditions and greetings. */
	{ "* OK IMAP4rev2 server ready", "* OK : IMAP4rev2 server ready" },
	{ "* OK", "* OK :" },
	{ "* ok", "* OK :" },
	{ "*  OK   ready  ", "* OK : ready" },
	{ "* OK [CAPABILITY IMAP4rev1 SASL-IR LOGIN-REFERRALS ID ENABLE IDLE LITERAL+ STARTTLS "
	  "AUTH=PLAIN] Dovecot (Debian) ready.",
	  "* OK [CAPABILITY|IMAP4rev1 SASL-IR LOGIN-REFERRALS ID ENABLE IDLE LITERAL+ STARTTLS "
	  "AUTH=PLAIN] : Dovecot (Debian) ready." },
	{ "* OK [CAPABILITY IMAP4rev1 UIDPLUS CHILDREN NAMESPACE THREAD=ORDEREDSUBJECT "
	  "THREAD=REFERENCES SORT QUOTA IDLE ACL ACL2=UNION STARTTLS ENABLE UTF8=ACCEPT] Courier-IMAP "
	  "ready. Copyright 1998-2022 Double Precision, Inc.  See COPYING for distribution information.",
	  "* OK [CAPABILITY|IMAP4rev1 UIDPLUS CHILDREN NAMESPACE THREAD=ORDEREDSUBJECT "
	  "THREAD=REFERENCES SORT QUOTA IDLE ACL ACL2=UNION STARTTLS ENABLE UTF8=ACCEPT] : Courier-IMAP "
	  "ready. Copyright 1998-2022 Double Precision, Inc.  See COPYING for distribution information." },
	{ "* OK Gimap ready for requests from 192.0.2.1 a1-v6mb1",
	  "* OK : Gimap ready for requests from 192.0.2.1 a1-v6mb1" },
	{ "* OK The Microsoft Exchange IMAP4 service is ready. [RABBADAAUABSADAANAA=]",
	  "* OK : The Microsoft Exchange IMAP4 service is ready. [RABBADAAUABSADAANAA=]" },
	{ "* OK IMAP4 ready", "* OK : IMAP4 ready" }, /* Zimbra */
	{ "* PREAUTH [CAPABILITY IMAP4rev1] Logged in as root",
	  "* PREAUTH [CAPABILITY|IMAP4rev1] : Logged in as root" },
	{ "* BYE [UNAVAILABLE] Too many connections", "* BYE [UNAVAILABLE] : Too many connections" },
	{ "* BYE Autologout; idle for too long", "* BYE : Autologout; idle for too long" },
	{ "* BAD Command line too long", "* BAD : Command line too long" },
	{ "* NO Disk is 98% full, please delete unnecessary data",
	  "* NO : Disk is 98% full, please delete unnecessary data" },
	{ "* OK [ALERT] System shutdown in 10 minutes", "* OK [ALERT] : System shutdown in 10 minutes" },
	{ "* OK [UNSEEN 12] Message 12 is first unseen",
	  "* OK [UNSEEN|12] : Message 12 is first unseen" },
	{ "* OK [UIDVALIDITY 3857529045] UIDs valid", "* OK [UIDVALIDITY|3857529045] : UIDs valid" },
	{ "* OK [PERMANENTFLAGS (\\Deleted \\Seen \\*)] Limited",
	  "* OK [PERMANENTFLAGS|(\\Deleted \\Seen \\*)] : Limited" },
	{ "* OK [PERMANENTFLAGS ()] No permanent flags permitted",
	  "* OK [PERMANENTFLAGS|()] : No permanent flags permitted" },
	{ "* OK [HIGHESTMODSEQ 715194045007]", "* OK [HIGHESTMODSEQ|715194045007] :" },
	{ "* OK [READ-ONLY]", "* OK [READ-ONLY] :" },
	{ "* OK [uidnext  7 ] x", "* OK [uidnext|7] : x" },
	{ "* OK [REFERRAL imap://u;AUTH=*@h/]Try there",
	  "* OK [REFERRAL|imap://u;AUTH=*@h/] : Try there" },
	{ "* OK [BADURL \"/a]b;\\\"]UID=1\"] gone", "* OK [BADURL|\"/a]b;\\\"]UID=1\"] : gone" },
	{ "* OK [BADURL \"/a] gone", "* OK [BADURL|\"/a] : gone" },
	{ "* OK [never closed", "* OK : [never closed" },
	{ "* OK [] nothing", "* OK : nothing" },
	{ "* OK [", "* OK : [" },
	{ "* OK see \"this {5}", "* OK : see \"this {5}" },
	{ "* OK {5}", "* OK : {5}" },
	{ "* OK gr\xc3\xbc\xdf", "* OK : gr\xc3\xbc\xdf" },

	/* Completions. */
	{ "a1 OK LOGIN completed", "a1 OK : LOGIN completed" },
	{ "a1 OK", "a1 OK :" },
	{ "a1  ok  ", "a1 OK :" },
	{ "a7 OK [READ-WRITE] SELECT completed", "a7 OK [READ-WRITE] : SELECT completed" },
	{ "a1 NO [AUTHENTICATIONFAILED] Authentication failed.",
	  "a1 NO [AUTHENTICATIONFAILED] : Authentication failed." },
	{ "a1 NO [NONEXISTENT] Unknown Mailbox: x (Failure)",
	  "a1 NO [NONEXISTENT] : Unknown Mailbox: x (Failure)" },
	{ "a1 NO Mailbox does not exist, or must be subscribed to.",
	  "a1 NO : Mailbox does not exist, or must be subscribed to." }, /* Courier */
	{ "a1 BAD Error in IMAP command: Unknown command (0.001 + 0.000 secs).",
	  "a1 BAD : Error in IMAP command: Unknown command (0.001 + 0.000 secs)." },
	{ "A044 NO [BADCHARSET (\"UTF-8\" KOI-7)] no", "A044 NO [BADCHARSET|(\"UTF-8\" KOI-7)] : no" },
	{ "a9 OK [APPENDUID 38505 3955] APPEND completed",
	  "a9 OK [APPENDUID|38505 3955] : APPEND completed" },
	{ "a1 OK user authenticated (tls protection) SESSIONID=<host-1-1-1-1>",
	  "a1 OK : user authenticated (tls protection) SESSIONID=<host-1-1-1-1>" }, /* Cyrus */
	{ "a] OK fine", "a] OK : fine" },
	{ "a1 BYE no", "broken: no response of IMAP" },
	{ "a1 PREAUTH no", "broken: no response of IMAP" },
	{ "a1 OK[READ-ONLY] x", "broken: no response of IMAP" },
	{ "a1", "broken: no response of IMAP" },
	{ "a1 ", "broken: no response of IMAP" },
	{ " a1 OK", "broken: no response of IMAP" },
	{ "a1\x01 OK", "broken: no response of IMAP" },
	{ "a1\x7f OK", "broken: no response of IMAP" },
	{ "a+1 OK", "broken: no response of IMAP" },
	{ "*a1 OK", "broken: no blank where one is due" },
	{ "a1 OKAY", "broken: no response of IMAP" },
	{ "", "broken: no response of IMAP" },
	{ " ", "broken: no response of IMAP" },
	{ "220 mx.test ESMTP", "broken: no response of IMAP" },
	{ "+OK POP3 ready", "broken: no response of IMAP" },
	{ "SSH-2.0-OpenSSH_9.2p1", "broken: no response of IMAP" },
	{ "HTTP/1.1 400 Bad Request", "broken: no response of IMAP" },

	/* Continuations. */
	{ "+ Ready for additional command text", "+ Ready for additional command text" },
	{ "+ ", "+ " },
	{ "+", "+ " },
	{ "+ idling", "+ idling" },
	{ "+ cj1meWtvK2Q=", "+ cj1meWtvK2Q=" },
	{ "+  {3}", "+ {3}" },

	/* Neither. */
	{ "*", "broken: no blank where one is due" },
	{ "* ", "broken: no response's name where one is due" },
	{ "*OK", "broken: no blank where one is due" },
	{ "* (OK)", "broken: no response's name where one is due" },
	{ "* -1 EXISTS", "broken: no response's name where one is due" },
	{ "* \"OK\"", "broken: no response's name where one is due" },
	{ "* 5", "broken: no blank where one is due" },
	{ "* 5 ", "broken: no response's name where one is due" },
	{ "* 5 6", "broken: no response's name where one is due" },
	{ "* 5x EXISTS", "broken: no number where one is due, or one out of range" },
	{ "* 5\"EXISTS", "broken: no blank where one is due" },

	/* Counts. */
	{ "* 23 EXISTS", "23 exists" },
	{ "* 0 EXISTS", "0 exists" },
	{ "*  23\texists ", "23 exists" },
	{ "* 4294967295 EXISTS", "4294967295 exists" },
	{ "* 4294967296 EXISTS", "broken: no number where one is due, or one out of range" },
	{ "* EXISTS", "broken: a number in front of what has none, or none where one is due" },
	{ "* 5 EXISTS now", "broken: something stands where the response should end" },
	{ "* 5 RECENT", "5 recent" },
	{ "* 44 EXPUNGE", "44 expunge" },
	{ "* 0 EXPUNGE", "broken: a message with the number 0" },
	{ "* 5 OK", "other" },
	{ "* 5 LIST () \"/\" a",
	  "broken: a number in front of what has none, or none where one is due" },

	/* Capabilities. */
	{ "* CAPABILITY IMAP4rev1 STARTTLS AUTH=GSSAPI LOGINDISABLED",
	  "capabilities <IMAP4rev1> <STARTTLS> <AUTH=GSSAPI> <LOGINDISABLED>" },
	{ "* CAPABILITY IMAP4 IMAP4rev1 AUTH=PLAIN AUTH=NTLM UIDPLUS MOVE ID UNSELECT CHILDREN IDLE "
	  "NAMESPACE LITERAL+ ",
	  "capabilities <IMAP4> <IMAP4rev1> <AUTH=PLAIN> <AUTH=NTLM> <UIDPLUS> <MOVE> <ID> <UNSELECT> "
	  "<CHILDREN> <IDLE> <NAMESPACE> <LITERAL+>" }, /* Exchange */
	{ "* capability \t IMAP4rev1   X", "capabilities <IMAP4rev1> <X>" },
	{ "* CAPABILITY", "capabilities" },

	/* LIST. */
	{ "* LIST (\\HasNoChildren) \".\" INBOX", "list . INBOX" },
	{ "* LIST (\\HasNoChildren \\Trash) \"/\" \"Deleted Items\"", "list / Deleted Items" },
	{ "* LIST (\\Noselect) \"/\" foo", "list / foo, no mailbox" },
	{ "* LIST (\\HasChildren \\noselect) \"/\" \"[Gmail]\"", "list / [Gmail], no mailbox" },
	{ "* LIST (\\NonExistent \\HasChildren) \"/\" x", "list / x, no mailbox" },
	{ "* LIST () NIL INBOX", "list NIL INBOX" },
	{ "* LIST () nil inbox", "list NIL inbox" },
	{ "* LIST () \"\" INBOX", "list NIL INBOX" },
	{ "* LIST () \"\\\\\" \"a\\\\b\"", "list \\ a\\b" },
	{ "* LIST () \"\\\"\" \"\\\"x\\\"\"", "list \" \"x\"" },
	{ "* LIST (\\HasNoChildren) \".\" INBOX.Entw&APw-rfe", "list . INBOX.Entw&APw-rfe" },
	{ "* LIST (\\HasNoChildren) \"/\" \"Entw\xc3\xbcrfe\"", "list / Entw\xc3\xbcrfe" },
	{ "* LIST () \"/\" Entw\xc3\xbcrfe", "list / Entw\xc3\xbcrfe" },
	{ "* LIST () \"/\" {7}\r\n\"hello\"", "hold 7, list / \"hello\"" },
	{ "* LIST (\\HasNoChildren) \"/\" {10}\r\na\\b {5}\r\nc", "hold 10, list / a\\b {5}\r\nc" },
	{ "* LIST () \"/\" {0}\r\n", "hold 0, list / " },
	{ "* LIST () \"/\" ~{3}\r\nabc", "hold 3, list / abc" },
	{ "* LIST () \"/\" {3+}\r\nabc", "hold 3, list / abc" },
	{ "* LIST () \"/\" {3}\r\nabc ", "hold 3, list / abc" },
	{ "* LIST () \"/\" {3}\r\nabc (\"CHILDINFO\" (\"SUBSCRIBED\"))", "hold 3, list / abc" },
	{ "* LIST () \"/\" {3}\r\nabc {4}\r\nabcd",
	  "hold 3, broken: something stands where the response should end" },
	{ "* LIST (\\Subscribed \\NonExistent) \"/\" \"Fruit/Peach\" (\"OLDNAME\" ({3}\r\nfoo))",
	  "skip 3, list / Fruit/Peach, no mailbox" },
	{ "* LIST () \"/\" \"\"", "list / " },
	{ "* LIST (\\Noselect) \"/\" \"\"", "list / , no mailbox" },
	{ "* LIST (  \\Marked   \\HasNoChildren )  \"/\"   x  ", "list / x" },
	{ "* LIST () \"/\" NIL", "list / NIL" },
	{ "* LIST () \"/\" a%b*c]d", "list / a%b*c]d" },
	{ "* LSUB () \".\" #news.comp.mail.misc", "other" },
	{ "* LIST () \"/\"", "broken: no blank where one is due" },
	{ "* LIST () \"/\" ", "broken: the line ends too early" },
	{ "* LIST () \"//\" x", "broken: a hierarchy delimiter of several characters" },
	{ "* LIST () / x", "broken: no quoted string where one is due" },
	{ "* LIST \"/\" x", "broken: no parenthesis where one is due" },
	{ "* LIST (\\Marked \"/\" x", "broken: a character that may not stand there" },
	{ "* LIST (\\Marked", "broken: the line ends too early" },
	{ "* LIST ()\"/\" x", "broken: no blank where one is due" },
	{ "* LIST () \"/\" Sent Items", "broken: something stands where the response should end" },
	{ "* LIST () \"/\" \"x", "broken: a quoted string that does not end" },
	{ "* LIST () \"/\" \"x\\\"", "broken: a quoted string that does not end" },
	{ "* LIST () \"/\" \"x\\", "broken: a backslash in front of what needs none" },
	{ "* LIST () \"/\" \"a\\b\"", "broken: a backslash in front of what needs none" },
	{ "* LIST () \"/\" \"a\"b", "broken: something stands where the response should end" },
	{ "* LIST () \"/\" {5} x", "broken: a literal that is not announced as one" },
	{ "* LIST () \"/\" {5} ", "broken: a literal that is not announced as one" },
	{ "* LIST () \"/\" {}", "broken: a literal that is not announced as one" },
	{ "* LIST () \"/\" {+}", "broken: a literal that is not announced as one" },
	{ "* LIST () \"/\" {-1}", "broken: a literal that is not announced as one" },
	{ "* LIST () \"/\" {5", "broken: a literal that is not announced as one" },
	{ "* LIST () \"/\" {9223372036854775808}", "broken: a literal that is not announced as one" },
	{ "* LIST () \"/\" {8193}", "broken: a name of more than 8,192 octets" },
	{ "* LIST () \"/\" {8192}", "more: hold 8192" },
	{ "* LIST () \"/\" x{3}", "broken: something stands where the response should end" },
	{ "* LIST ({3}\r\nabc) \"/\" x", "broken: a character that may not stand there" },
	{ "* XLIST (\\HasNoChildren \\Inbox) \"/\" \"Inbox\"", "other" },

	/* STATUS. */
	{ "* STATUS blurdybloop (MESSAGES 231 UIDNEXT 44292)",
	  "status blurdybloop messages=231 uidnext=44292" },
	{ "* STATUS \"INBOX\" (MESSAGES 3 RECENT 1 UIDNEXT 4 UIDVALIDITY 1 UNSEEN 2)",
	  "status INBOX messages=3 unseen=2 recent=1 uidnext=4 uidvalidity=1" },
	{ "* STATUS INBOX (messages 3 UNSEEN 0 SIZE 1099511627776 HIGHESTMODSEQ 7011231777)",
	  "status INBOX messages=3 unseen=0 size=1099511627776" },
	{ "* STATUS Inbox (MESSAGES 1 RECENT 0 UNSEEN 1 UIDVALIDITY 14 UIDNEXT 5 ) ",
	  "status Inbox messages=1 unseen=1 recent=0 uidnext=5 uidvalidity=14" },
	{ "* STATUS {5}\r\na b\xc3\xa4 ( APPENDLIMIT NIL MAILBOXID (F22-a) MESSAGES 7)",
	  "hold 5, status a b\xc3\xa4 messages=7" },
	{ "* STATUS INBOX (X-NEW (a (\"b\" {2}\r\n)))) UNSEEN 1)", "skip 2, status INBOX unseen=1" },
	{ "* STATUS INBOX ()", "status INBOX" },
	{ "* STATUS INBOX", "broken: no blank where one is due" },
	{ "* STATUS INBOX (MESSAGES)", "broken: no blank where one is due" },
	{ "* STATUS INBOX (MESSAGES )", "broken: no number where one is due, or one out of range" },
	{ "* STATUS INBOX (MESSAGES -1)", "broken: no number where one is due, or one out of range" },
	{ "* STATUS INBOX (MESSAGES 4294967296)",
	  "broken: no number where one is due, or one out of range" },
	{ "* STATUS INBOX (SIZE 9223372036854775807)", "status INBOX size=9223372036854775807" },
	{ "* STATUS INBOX (SIZE 9223372036854775808)",
	  "broken: no number where one is due, or one out of range" },
	{ "* STATUS INBOX (MESSAGES NIL)", "broken: no number where one is due, or one out of range" },
	{ "* STATUS INBOX (MESSAGES \"3\")", "broken: no number where one is due, or one out of range" },
	{ "* STATUS INBOX (MESSAGES 3", "broken: the line ends too early" },
	{ "* STATUS INBOX (MESSAGES 3))", "broken: something stands where the response should end" },

	/* SEARCH and ESEARCH. */
	{ "* SEARCH 2 84 882", "search 3" },
	{ "* SEARCH", "search 0" },
	{ "* SEARCH ", "search 0" },
	{ "* search  1\t4294967295 ", "search 2" },
	{ "* SEARCH 2 5 6 7 (MODSEQ 917162500)", "search 4" },
	{ "* SEARCH (MODSEQ 917162500)", "search 0" },
	{ "* SEARCH 2 5 (MODSEQ 9", "broken: the line ends too early" },
	{ "* SEARCH 2 (MODSEQ 9) 5", "broken: something stands where the response should end" },
	{ "* SEARCH 4294967296", "broken: what was found is no list of numbers" },
	{ "* SEARCH 99999999999999999999999", "broken: what was found is no list of numbers" },
	{ "* SEARCH 0", "broken: what was found is no list of numbers" },
	{ "* SEARCH 1,2", "broken: what was found is no list of numbers" },
	{ "* SEARCH 1 x", "broken: what was found is no list of numbers" },
	{ "* ESEARCH (TAG \"A282\") MIN 2 COUNT 3", "esearch A282 3" },
	{ "* ESEARCH (TAG \"A285\") UID COUNT 17 ALL 4:18,21,28", "esearch A285 17" },
	{ "* ESEARCH (TAG a8) UID COUNT 0", "esearch a8 0" },
	{ "* ESEARCH (TAG {2}\r\na8) UID COUNT 0", "skip 2, esearch ? 0" },
	{ "* ESEARCH (TAG \"tag1\" MAILBOX \"folder1\" UIDVALIDITY 1) UID COUNT 4", "esearch tag1 4" },
	{ "* ESEARCH UID COUNT 5 MODSEQ 917162500", "esearch ? 5" },
	{ "* ESEARCH COUNT 5", "esearch ? 5" },
	{ "* ESEARCH (TAG \"A286\")", "esearch A286 none" },
	{ "* ESEARCH", "esearch ? none" },
	{ "* ESEARCH (TAG \"h\") UID ADDTO (1 2734:2739) COUNT 5 ", "esearch h 5" },
	{ "* ESEARCH (TAG \"A283\") COUNT", "broken: no blank where one is due" },
	{ "* ESEARCH (TAG \"A283\") COUNT x", "broken: no number where one is due, or one out of range" },
	{ "* ESEARCH (TAG \"A283\" COUNT 5", "broken: the line ends too early" },
	{ "* ESEARCH (TAG)", "broken: no blank where one is due" },

	/* FLAGS and FETCH. */
	{ "* FLAGS (\\Answered \\Flagged \\Deleted \\Seen \\Draft $Forwarded NonJunk)", "flags" },
	{ "* FLAGS ()", "flags" },
	{ "* FLAGS \\Seen", "broken: flags without parentheses" },
	{ "* FLAGS (\\Seen", "broken: the line ends too early" },
	{ "* 23 FETCH (FLAGS (\\Seen) RFC822.SIZE 44827)", "fetch 23 size=44827" },
	{ "* 1 FETCH (UID 7 RFC822.SIZE 512 INTERNALDATE \"17-Jul-1996 02:44:25 -0700\")",
	  "fetch 1 uid=7 size=512 date=837596665" },
	{ "* 1 FETCH (INTERNALDATE \" 7-Feb-1994 22:43:04 +0000\" rfc822.size 0 uid 4294967295)",
	  "fetch 1 uid=4294967295 size=0 date=760660984" },
	{ "* 12 FETCH (BODY[] {12}\r\nhello world! UID 3 RFC822.SIZE 12)",
	  "body 12, fetch 12 uid=3 size=12 body=12" },
	{ "* 12 FETCH (UID 3 RFC822.SIZE 26 body[] {26}\r\nSubject: x\r\n\r\n)\r\na1 OK\r\n\r\n FLAGS "
	  "(\\Seen))",
	  "body 26, fetch 12 uid=3 size=26 body=26" },
	{ "* 1 FETCH (UID 3 BODY[] ~{2}\r\nab)", "body 2, fetch 1 uid=3 body=2" },
	{ "* 1 FETCH (UID 3 BODY[] \"\")", "fetch 1 uid=3 body=0" },
	{ "* 1 FETCH (UID 3 BODY[] \"a\\\"b\")", "fetch 1 uid=3 body=3" },
	{ "* 1 FETCH (UID 3 BODY[] NIL)", "fetch 1 uid=3 body=NIL" },
	{ "* 1 FETCH (UID 3 BODY[] nil)", "fetch 1 uid=3 body=NIL" },
	{ "* 1 FETCH (UID 3 BODY[]<0> {2}\r\nab)", "skip 2, fetch 1 uid=3" },
	{ "* 1 FETCH (BODY[1.2.MIME] \"x\" BODY[TEXT]<5> {1}\r\n) UID 3)", "skip 1, fetch 1 uid=3" },
	{ "* 1 FETCH (BODY[HEADER.FIELDS (DATE \"FROM]\")] {2}\r\n\r\n UID 3)", "skip 2, fetch 1 uid=3" },
	{ "* 1 FETCH (BODY[HEADER.FIELDS.NOT ({4}\r\nDATE {2}\r\n]])] NIL UID 3)",
	  "skip 4, skip 2, fetch 1 uid=3" },
	{ "* 1 FETCH (BINARY.SIZE[1] 4 BINARY[1] ~{2}\r\n\"( UID 3)", "skip 2, fetch 1 uid=3" },
	{ "* 1 FETCH (RFC822 {2}\r\n\r\n RFC822.HEADER \"\" UID 3)", "skip 2, fetch 1 uid=3" },
	{ "* 1 FETCH (X-GM-THRID 1278455344230334865 X-GM-LABELS (\"\\\\Important\" \"M\xc3\xbcll\" foo) "
	  "UID 3 MODSEQ (624140003) EMAILID (M6d99) THREADID NIL SAVEDATE NIL)",
	  "fetch 1 uid=3" },
	{ "* 1 FETCH (FLAGS (\\Seen $Junk \\*) ENVELOPE (\"date\" NIL ((NIL NIL \"a\" \"b\")(NIL NIL "
	  "\"c\" \"d\")) {3}\r\n\"() NIL) BODY (\"text\" \"plain\" (\"charset\" \"us-ascii\") NIL NIL "
	  "\"7bit\" 3 1) UID 3)",
	  "skip 3, fetch 1 uid=3" },
	{ "* 1 FETCH ()", "fetch 1" },
	{ "* 1 FETCH ( UID  3  ) ", "fetch 1 uid=3" },
	{ "* 1 FETCH (FLAGS (\\Seen)UID 3)", "fetch 1 uid=3" },
	{ "* 0 FETCH (UID 3)", "broken: a message with the number 0" },
	{ "* FETCH (UID 3)", "broken: a number in front of what has none, or none where one is due" },
	{ "* 1 FETCH", "broken: no parenthesis where one is due" },
	{ "* 1 FETCH UID 3", "broken: no parenthesis where one is due" },
	{ "* 1 FETCH (UID)", "broken: no blank where one is due" },
	{ "* 1 FETCH (UID 0)", "broken: no number where one is due, or one out of range" },
	{ "* 1 FETCH (UID 3", "broken: no item's name where one is due" },
	{ "* 1 FETCH (UID \"3\")", "broken: no number where one is due, or one out of range" },
	{ "* 1 FETCH (UID 3x)", "broken: no number where one is due, or one out of range" },
	{ "* 1 FETCH (RFC822.SIZE NIL)", "broken: no number where one is due, or one out of range" },
	{ "* 1 FETCH (RFC822.SIZE 9223372036854775808)",
	  "broken: no number where one is due, or one out of range" },
	{ "* 1 FETCH (INTERNALDATE 5)", "broken: no quoted string where one is due" },
	{ "* 1 FETCH (INTERNALDATE \"yesterday\")", "broken: an INTERNALDATE that is no date" },
	{ "* 1 FETCH (BODY[] hello)", "broken: no string where one is due" },
	{ "* 1 FETCH (BODY[] {2} )", "broken: a literal that is not announced as one" },
	{ "* 1 FETCH (BODY[HEADER UID 3)", "broken: a section's bracket does not close" },
	{ "* 1 FETCH (BODY[] {9223372036854775807}", "more: body 9223372036854775807" },
	{ "* 1 FETCH (UID 3))", "broken: something stands where the response should end" },
	{ "* 1 FETCH (UID 3) x", "broken: something stands where the response should end" },
	{ "* 1 FETCH (FLAGS (\\Seen)", "broken: no item's name where one is due" },

	/* NAMESPACE. */
	{ "* NAMESPACE ((\"\" \"/\")) NIL NIL", "namespace / " },
	{ "* NAMESPACE ((\"INBOX.\" \".\")) NIL ((\"#shared.\" \".\")(\"shared.\" \".\"))",
	  "namespace . INBOX." }, /* Courier */
	{ "* NAMESPACE ((\"INBOX.\" \".\")) ((\"user.\" \".\")) ((\"\" \".\"))", "namespace . INBOX." },
	{ "* NAMESPACE ((\"\" \"/\")(\"#mh/\" \"/\" \"X-PARAM\" (\"FLAG1\" \"FLAG2\"))) ((\"~\" \"/\")) "
	  "((\"#shared/\" \"/\")(\"#public/\" \"/\"))",
	  "namespace / " },
	{ "* NAMESPACE ((\"#mh/\" \"/\" \"X\" (\"F\" {3}\r\na)b))) NIL NIL", "skip 3, namespace / #mh/" },
	{ "* NAMESPACE (({6}\r\nINBOX/ NIL)) NIL NIL", "hold 6, namespace NIL INBOX/" },
	{ "* NAMESPACE NIL NIL ((\"\" \".\"))", "namespace none" },
	{ "* NAMESPACE () NIL NIL", "namespace none" },
	{ "* namespace ( ( \"\"  \"/\" ) )  nil  nil ", "namespace / " },
	{ "* NAMESPACE ((\"\" \"/\"))", "broken: no blank where one is due" },
	{ "* NAMESPACE ((\"\" \"/\")) NIL", "broken: no blank where one is due" },
	{ "* NAMESPACE", "broken: no parenthesis where one is due" },
	{ "* NAMESPACE (\"\" \"/\") NIL NIL", "broken: no parenthesis where one is due" },
	{ "* NAMESPACE ((\"\" / )) NIL NIL", "broken: no quoted string where one is due" },
	{ "* NAMESPACE ((\"\" \"/\") NIL NIL", "broken: the line ends too early" },

	/* Quotas. */
	{ "* QUOTA \"\" (STORAGE 10 512)", "quota  STORAGE=10/512" },
	{ "* QUOTA \"User quota\" (STORAGE 10 512 MESSAGE 3 100)",
	  "quota User quota STORAGE=10/512 MESSAGE=3/100" },
	{ "* QUOTA user.jane (STORAGE 9223372036854775807 0 X-NUM-FOLDERS 1 2)",
	  "quota user.jane STORAGE=9223372036854775807/0 X-NUM-FOLDERS=1/2" },
	{ "* QUOTA \"\" ()", "quota " },
	{ "* QUOTA \"ROOT\"", "quota ROOT" }, /* Courier without limits */
	{ "* QUOTA", "broken: the line ends too early" },
	{ "* QUOTA \"\" STORAGE 10 512", "broken: no parenthesis where one is due" },
	{ "* QUOTA \"\" (STORAGE 10 512", "broken: the line ends too early" },
	{ "* QUOTA {3}\r\na b (STORAGE 1 2)", "hold 3, quota a b STORAGE=1/2" },
	{ "* QUOTA \"\" (A 1 1 B 2 2 C 3 3 D 4 4 E 5 5 F 6 6 G 7 7 H 8 8 I 9 9)",
	  "quota  A=1/1 B=2/2 C=3/3 D=4/4 E=5/5 F=6/6 G=7/7 H=8/8" },
	{ "* QUOTA \"\" (STORAGE 10)", "broken: no blank where one is due" },
	{ "* QUOTA \"\" (STORAGE 10 -1)", "broken: no number where one is due, or one out of range" },
	{ "* QUOTA \"\" (STORAGE x 10)", "broken: no number where one is due, or one out of range" },
	{ "* QUOTA (STORAGE 10 512)", "broken: a character that may not stand there" },
	{ "* QUOTAROOT INBOX \"\"", "quotaroots 1" },
	{ "* QUOTAROOT \"INBOX\" \"User quota\" other", "quotaroots 2" },
	{ "* QUOTAROOT comp.mail.mime", "quotaroots 0" },
	{ "* QUOTAROOT {3}\r\nabc {4}\r\n a b", "skip 3, skip 4, quotaroots 1" },
	{ "* QUOTAROOT", "broken: the line ends too early" },

	/* What is not ours. */
	{ "* ENABLED CONDSTORE", "other" },
	{ "* ID (\"name\" \"Dovecot\" \"note\" {5}\r\n\"(\r\n) \"os\" NIL)", "skip 5, other" },
	{ "* ID NIL", "other" },
	{ "* VANISHED (EARLIER) 41,43:116", "other" },
	{ "* 5 VANISHED", "other" },
	{ "* METADATA \"INBOX\" (/shared/comment {3}\r\nabc /x ~{1}\r\n\")", "skip 3, skip 1, other" },
	{ "* THREAD (2)(3 6 (4 23)(44 7 96))", "other" },
	{ "* ACL INBOX Fred rwipslxetad", "other" },
	{ "* X-WEIRD it's 5\" (wide {3}", "more: skip 3" },
	{ "* X-WEIRD \"unfinished {3}", "more: skip 3" },
	{ "* X-WEIRD see{3}", "other" },
	{ "* X-WEIRD \"a {3}\"", "other" },
	{ "* X-WEIRD \"a {3}", "more: skip 3" },
	{ "* X-WEIRD ((((((((((((((((((((((((((((((((((((((((((((((((((", "other" },
	{ "* X-WEIRD {3} )", "other" },
	{ "* X-WEIRD", "other" },
	{ "* X-WEIRD(", "broken: no blank where one is due" },
};

/* What a server sends, and what the reader of a connection makes of it. */
struct wire {
	slice rest;
	struct imap_text text;
	struct str out;
};

static const char *
use(const struct imap_need *need)
{
	static const char *const names[] = {
		[IMAP_SKIP] = "skip",
		[IMAP_HOLD] = "hold",
		[IMAP_BODY] = "body",
	};

	return names[need->use];
}

static slice
take_line(struct wire *wire)
{
	size_t end = slice_find(wire->rest, S("\r\n"));
	slice line = slice_head(wire->rest, end);

	wire->rest = slice_skip(wire->rest, end + 2);
	return line;
}

/* The literal and the line that are wanted; false when the wire has not got them. */
static bool
take_literal(struct wire *wire, const struct imap_need *need)
{
	struct imap_piece *piece = &wire->text.pieces[wire->text.n - 1];

	if (need->octets > wire->rest.n || !wire->rest.at)
		return false;
	piece->octets = need->octets;
	if (need->use == IMAP_HOLD)
		piece->literal = slice_head(wire->rest, need->octets);
	wire->rest = slice_skip(wire->rest, need->octets);
	assert_true(wire->text.n <= IMAP_LITERALS);
	wire->text.pieces[wire->text.n++].line = take_line(wire);
	return true;
}

static void
add(struct str *out, const char *words, slice s)
{
	str_addz(out, words);
	str_add(out, s.at ? s : S("?"));
}

static void
describe_condition(struct str *out, const struct imap_response *r)
{
	static const char *const names[] = { "OK", "NO", "BAD", "BYE", "PREAUTH" };

	add(out, "", r->kind == IMAP_COMPLETION ? r->tag : S("*"));
	str_addf(out, " %s", names[r->condition]);
	if (r->code.at) {
		add(out, " [", r->code);
		if (r->code_arguments.n > 0)
			add(out, "|", r->code_arguments);
		str_addz(out, "]");
	}
	add(out, r->text.n > 0 ? " : " : " :", r->text.n > 0 ? r->text : S(""));
}

static void
describe_name(struct str *out, const char *word, const struct imap_response *r)
{
	char delimiter[2] = { r->list.delimiter, '\0' };

	str_addf(out, "%s %s ", word, delimiter[0] ? delimiter : "NIL");
	str_add(out, imap_string(out->arena, &r->list.name));
	if (r->list.no_select)
		str_addz(out, ", no mailbox");
}

static void
describe_status(struct str *out, const struct imap_response *r)
{
	static const char *const names[IMAP_ITEMS] = {
		[IMAP_MESSAGES] = "messages",
		[IMAP_UNSEEN] = "unseen",
		[IMAP_RECENTS] = "recent",
		[IMAP_UIDNEXT] = "uidnext",
		[IMAP_UIDVALIDITY] = "uidvalidity",
		[IMAP_SIZE] = "size",
	};

	add(out, "status ", imap_string(out->arena, &r->status.name));
	for (size_t i = 0; i < IMAP_ITEMS; i++)
		if (r->status.known[i])
			str_addf(out, " %s=%llu", names[i], (unsigned long long)r->status.numbers[i]);
}

static void
describe_fetch(struct str *out, const struct imap_response *r)
{
	str_addf(out, "fetch %llu", (unsigned long long)r->number);
	if (r->fetch.has_uid)
		str_addf(out, " uid=%llu", (unsigned long long)r->fetch.uid);
	if (r->fetch.has_size)
		str_addf(out, " size=%llu", (unsigned long long)r->fetch.size);
	if (r->fetch.has_date)
		str_addf(out, " date=%lld", (long long)r->fetch.date);
	if (r->fetch.has_body && r->fetch.body.form == IMAP_NIL)
		str_addz(out, " body=NIL");
	else if (r->fetch.has_body)
		str_addf(out, " body=%llu", (unsigned long long)r->fetch.body.octets);
}

static void
describe_quota(struct str *out, const struct imap_response *r)
{
	add(out, "quota ", imap_string(out->arena, &r->quota.root));
	for (size_t i = 0; i < r->quota.n; i++) {
		add(out, " ", r->quota.resources[i].name);
		str_addf(out, "=%llu/%llu", (unsigned long long)r->quota.resources[i].usage,
		    (unsigned long long)r->quota.resources[i].limit);
	}
}

static void
describe_words(struct str *out, slice words)
{
	str_addz(out, "capabilities");
	for (slice word; (word = imap_word(&words)).at;)
		str_addf(out, " <%.*s>", (int)word.n, word.at);
}

static void
describe(struct str *out, const struct imap_response *r)
{
	unsigned long long number = r->number;

	switch (r->kind) {
	case IMAP_CONTINUATION:
		add(out, "+ ", r->text);
		return;
	case IMAP_COMPLETION:
	case IMAP_CONDITION:
		describe_condition(out, r);
		return;
	case IMAP_CAPABILITY:
		describe_words(out, r->text);
		return;
	case IMAP_LIST:
		describe_name(out, "list", r);
		return;
	case IMAP_STATUS:
		describe_status(out, r);
		return;
	case IMAP_SEARCH:
		str_addf(out, "search %llu", number);
		return;
	case IMAP_ESEARCH:
		add(out, "esearch ", r->tag);
		str_addf(out, r->known ? " %llu" : " none", number);
		return;
	case IMAP_FLAGS:
		str_addz(out, "flags");
		return;
	case IMAP_EXISTS:
		str_addf(out, "%llu exists", number);
		return;
	case IMAP_RECENT:
		str_addf(out, "%llu recent", number);
		return;
	case IMAP_EXPUNGE:
		str_addf(out, "%llu expunge", number);
		return;
	case IMAP_FETCH:
		describe_fetch(out, r);
		return;
	case IMAP_NAMESPACE:
		if (r->known)
			describe_name(out, "namespace", r);
		else
			str_addz(out, "namespace none");
		return;
	case IMAP_QUOTA:
		describe_quota(out, r);
		return;
	case IMAP_QUOTAROOT:
		str_addf(out, "quotaroots %llu", number);
		return;
	case IMAP_OTHER:
		str_addz(out, "other");
		return;
	}
	fail_msg("a kind that there is none of: %d", (int)r->kind);
}

/* Parses what is on the wire, giving the parser what it asks for. */
static slice
understand(struct arena *arena, slice wire_text)
{
	struct wire wire = { .rest = wire_text, .out = str_in(arena) };
	struct imap_response response;
	struct imap_need need;
	enum imap_status status;

	wire.text.pieces[wire.text.n++].line = take_line(&wire);
	while ((status = imap_parse(&wire.text, &response, &need)) == IMAP_MORE) {
		if (!take_literal(&wire, &need))
			break;
		str_addf(&wire.out, "%s %llu, ", use(&need), (unsigned long long)need.octets);
	}
	if (status == IMAP_DONE)
		describe(&wire.out, &response);
	else if (status == IMAP_BROKEN)
		str_addf(&wire.out, "broken: %s", need.why);
	else
		str_addf(&wire.out, "more: %s %llu", use(&need), (unsigned long long)need.octets);
	return str_slice(&wire.out);
}

static void
responses(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct arena *arena = arena_new(1 << 16);

		assert_non_null(arena);
		check_slice(rows[i].wire, "understood", understand(arena, slice_z(rows[i].wire)),
		    slice_z(rows[i].wanted));
		arena_free(arena);
	}
}

/* `count` times `piece`, between `before` and `after`. */
static slice
repeated(struct arena *arena, const char *before, const char *piece, size_t count, const char *after)
{
	struct str out = str_in(arena);

	str_addz(&out, before);
	for (size_t i = 0; i < count; i++)
		str_addz(&out, piece);
	str_addz(&out, after);
	return str_slice(&out);
}

static void
limits(void **state)
{
	static const struct {
		const char *before, *piece;
		size_t count;
		const char *after, *wanted;
	} cases[] = {
		{ "* 1 FETCH (X ", "(", 32, "))))))))))))))))))))))))))))))))) ", "fetch 1" },
		{ "* 1 FETCH (X ", "(", 33, "",
		  "broken: more than 32 parentheses within each other" },
		{ "* 1 FETCH (X ", "(", 60000, "",
		  "broken: more than 32 parentheses within each other" },
		{ "* 1 FETCH (X (", "()", 30000, ") UID 2)", "fetch 1 uid=2" },
		{ "* 1 FETCH (FLAGS (", "\\Seen ", 10000, ") UID 2)", "fetch 1 uid=2" },
		{ "* QUOTAROOT x", " \"\"", 20000, "", "quotaroots 20000" },
		{ "* SEARCH", " 4294967295", 5000, "", "search 5000" },
		{ "* OK [", "\"\\\"", 9000, "", NULL },
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct arena *arena = arena_new(1 << 20);
		slice wire;

		assert_non_null(arena);
		wire = repeated(
		    arena, cases[i].before, cases[i].piece, cases[i].count, cases[i].after);
		if (cases[i].wanted)
			check_slice(cases[i].before, "understood", understand(arena, wire),
			    slice_z(cases[i].wanted));
		else
			check_number(cases[i].before, "understood whole",
			    (long long)understand(arena, wire).n, (long long)wire.n + 2);
		assert_false(arena_failed(arena));
		arena_free(arena);
	}
}

/* 32 literals are understood; the 33rd is refused before anybody waits for it. */
static void
literals_are_counted(void **state)
{
	struct arena *arena = arena_new(1 << 20);
	struct str wanted = str_in(arena), broken = str_in(arena);

	(void)state;
	assert_non_null(arena);
	for (size_t i = 0; i < IMAP_LITERALS; i++)
		str_addz(&wanted, "skip 1, ");
	str_add(&broken, str_slice(&wanted));
	str_addz(&wanted, "other");
	str_addz(&broken, "broken: more than 32 literals in one response");
	check_slice("32", "understood",
	    understand(arena, repeated(arena, "* X", " {1}\r\n(", IMAP_LITERALS, "")),
	    str_slice(&wanted));
	check_slice("33", "understood",
	    understand(arena, repeated(arena, "* X", " {1}\r\n(", IMAP_LITERALS + 1, "")),
	    str_slice(&broken));
	arena_free(arena);
}

/* A reader that adds a literal behind a sentence has misread the grammar, and hears so. */
static void
a_literal_that_nobody_asked_for(void **state)
{
	const struct imap_text text = {
		.pieces = { { .line = SLICE("* OK see {3}"), .octets = 3 }, { .line = SLICE("a1 OK") } },
		.n = 2,
	};
	struct imap_response response;
	struct imap_need need;

	(void)state;
	assert_int_equal(imap_parse(&text, &response, &need), IMAP_BROKEN);
	check_slice("", "why", slice_z(need.why), S("a literal that was not announced"));
}

static void
lines_in_parts(void **state)
{
	static const struct {
		slice line;
		bool begins;
		slice numbers;
	} cases[] = {
		{ SLICE("* SEARCH 1 2"), true, SLICE("1 2") },
		{ SLICE("*  search\t 1 2"), true, SLICE("1 2") },
		{ SLICE("* SEARCH"), true, SLICE("") },
		{ SLICE("* SEARCH "), true, SLICE("") },
		{ SLICE("* SEARCHED 1"), false, SLICE("") },
		{ SLICE("* ESEARCH 1"), false, SLICE("") },
		{ SLICE("a SEARCH 1"), false, SLICE("") },
		{ SLICE("*SEARCH 1"), false, SLICE("") },
		{ SLICE("*"), false, SLICE("") },
		{ SLICE(""), false, SLICE("") },
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		slice numbers = S("");

		check_number(cases[i].line.at, "begins",
		    imap_search_begins(cases[i].line, &numbers), cases[i].begins);
		check_slice(cases[i].line.at, "numbers", numbers, cases[i].numbers);
	}
}

/* Wherever it is cut, the same is counted. */
static void
tallies(void **state)
{
	static const struct {
		slice text;
		bool valid;
		uint64_t count;
	} cases[] = {
		{ SLICE(""), true, 0 },
		{ SLICE("1"), true, 1 },
		{ SLICE("1 22 333"), true, 3 },
		{ SLICE(" \t1  2 "), true, 2 },
		{ SLICE("4294967295"), true, 1 },
		{ SLICE("007"), true, 1 },
		{ SLICE("1 2 (MODSEQ 917162500)"), true, 2 },
		{ SLICE("1 2(MODSEQ 917162500)"), true, 2 },
		{ SLICE("(MODSEQ 917162500)"), true, 0 },
		{ SLICE("4294967296"), false, 0 },
		{ SLICE("99999999999999999999"), false, 0 },
		{ SLICE("1 0 2"), false, 0 },
		{ SLICE("1 0(MODSEQ 1)"), false, 0 },
		{ SLICE("0"), false, 0 },
		{ SLICE("1,2"), false, 0 },
		{ SLICE("1 a"), false, 0 },
		{ SLICE("-1"), false, 0 },
		{ SLICE("1\0"), false, 0 },
		{ SLICE("\xb2"), false, 0 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		for (size_t cut = 0; cut <= cases[i].text.n; cut++) {
			struct imap_tally tally = { 0 };
			bool valid = imap_tally_feed(&tally, slice_head(cases[i].text, cut))
			             && imap_tally_feed(&tally, slice_skip(cases[i].text, cut))
			             && imap_tally_end(&tally);

			check_number(cases[i].text.at, "valid", valid, cases[i].valid);
			if (valid)
				check_number(cases[i].text.at, "count", (long long)tally.count,
				    (long long)cases[i].count);
		}
	}
}

enum { UNTOUCHED = 77 };

static void
dates(void **state)
{
	static const struct {
		slice text;
		bool valid;
		long long when;
	} cases[] = {
		{ SLICE("17-Jul-1996 02:44:25 -0700"), true, 837596665 },
		{ SLICE(" 7-Feb-1994 22:43:04 +0000"), true, 760660984 },
		{ SLICE("7-feb-1994 22:43:04 +0000"), true, 760660984 },
		{ SLICE("07-FEB-1994 22:43:04 +0000"), true, 760660984 },
		{ SLICE("01-Jan-1970 00:00:00 +0000"), true, 0 },
		{ SLICE("01-Jan-1970 00:00:00 +0100"), true, -3600 },
		{ SLICE("31-Dec-1969 23:59:59 -0000"), true, -1 },
		{ SLICE("31-Dec-2016 23:59:60 +0000"), true, 1483228800 },
		{ SLICE("29-Feb-2024 12:00:00 +0530"), true, 1709188200 },
		{ SLICE("19-Jan-2038 03:14:08 +0000"), true, 2147483648 },
		{ SLICE("31-Dec-9999 23:59:59 +0000"), true, 253402300799 },
		{ SLICE("01-Jan-0001 00:00:00 +0000"), true, -62135596800 },
		{ SLICE("29-Feb-2023 12:00:00 +0000"), false, UNTOUCHED },
		{ SLICE("31-Apr-2023 12:00:00 +0000"), false, UNTOUCHED },
		{ SLICE("00-Jan-2023 12:00:00 +0000"), false, UNTOUCHED },
		{ SLICE("007-Jan-2023 12:00:00 +0000"), false, UNTOUCHED },
		{ SLICE("32-Jan-2023 12:00:00 +0000"), false, UNTOUCHED },
		{ SLICE("1-Foo-2023 12:00:00 +0000"), false, UNTOUCHED },
		{ SLICE("1-Ja-2023 12:00:00 +0000"), false, UNTOUCHED },
		{ SLICE("1-January-2023 12:00:00 +0000"), false, UNTOUCHED },
		{ SLICE("1-Jan-23 12:00:00 +0000"), false, UNTOUCHED },
		{ SLICE("1-Jan-2023 24:00:00 +0000"), false, UNTOUCHED },
		{ SLICE("1-Jan-2023 12:60:00 +0000"), false, UNTOUCHED },
		{ SLICE("1-Jan-2023 12:00:61 +0000"), false, UNTOUCHED },
		{ SLICE("1-Jan-2023 1:00:00 +0000"), false, UNTOUCHED },
		{ SLICE("1-Jan-02023 12:00:00 +0000"), false, UNTOUCHED },
		{ SLICE("1-Jan-2023 12:00:000 +0000"), false, UNTOUCHED },
		{ SLICE("1-Jan-2023 12:00 +0000"), false, UNTOUCHED },
		{ SLICE("1-Jan-2023 12:00:00"), false, UNTOUCHED },
		{ SLICE("1-Jan-2023 12:00:00 0000"), false, UNTOUCHED },
		{ SLICE("1-Jan-2023 12:00:00 +00000"), false, UNTOUCHED },
		{ SLICE("1-Jan-2023 12:00:00 +2400"), false, UNTOUCHED },
		{ SLICE("1-Jan-2023 12:00:00 +0060"), false, UNTOUCHED },
		{ SLICE("1-Jan-2023 12:00:00 GMT"), false, UNTOUCHED },
		{ SLICE("1-Jan-2023 12:00:00 +0000 x"), false, UNTOUCHED },
		{ SLICE("1-Jan-2023 12-00-00 +0000"), false, UNTOUCHED },
		{ SLICE("2023-01-01 12:00:00 +0000"), false, UNTOUCHED },
		{ SLICE("--"), false, UNTOUCHED },
		{ SLICE(""), false, UNTOUCHED },
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		time_t when = UNTOUCHED;

		check_number(
		    cases[i].text.at, "valid", imap_date(cases[i].text, &when), cases[i].valid);
		check_number(cases[i].text.at, "when", (long long)when, cases[i].when);
	}
}

/* What is not there stays missing, and is told from what is empty. */
static void
strings(void **state)
{
	static const struct imap_string nil = { .form = IMAP_NIL },
	    streamed = { .form = IMAP_LITERAL, .octets = 5 },
	    escaped = { IMAP_QUOTED, SLICE("\\\"a\\\\\\\""), 4 }, plain = { IMAP_QUOTED, SLICE("a b"), 3 },
	    atom = { IMAP_ATOM, SLICE("a\\b"), 3 }, literal = { IMAP_LITERAL, SLICE("a\\\"b"), 4 };
	struct arena *arena = arena_new(1 << 12);

	(void)state;
	assert_non_null(arena);
	assert_null(imap_string(arena, &nil).at);
	assert_null(imap_string(arena, &streamed).at);
	check_slice("quoted", "bytes", imap_string(arena, &escaped), S("\"a\\\""));
	assert_ptr_equal(imap_string(arena, &plain).at, plain.raw.at);
	check_slice("atom", "bytes", imap_string(arena, &atom), S("a\\b"));
	check_slice("literal", "bytes", imap_string(arena, &literal), S("a\\\"b"));
	arena_free(arena);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(responses),
		cmocka_unit_test(limits),
		cmocka_unit_test(literals_are_counted),
		cmocka_unit_test(a_literal_that_nobody_asked_for),
		cmocka_unit_test(lines_in_parts),
		cmocka_unit_test(tallies),
		cmocka_unit_test(dates),
		cmocka_unit_test(strings),
	};

	return cmocka_run_group_tests_name("imap_response", tests, NULL, NULL);
}
