#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""Does the sandbox speak IMAP as the RFCs say?

Run as `test_imap.py PATH-OF-mailprobe-sandbox`.
"""

import base64
import hashlib
import hmac
import imaplib
import re
import smtplib
import time

from harness import PASSWORD, USER, Case, ImapClient, Scram, b64, context, main

NUMBER = re.compile(r"^\* (\d+) (\w+)", re.M)


class Imap(Case):
    def client(self, port):
        c = self.connect(port, ImapClient)
        self.greeting = c.response()
        return c

    def inside(self, *options, mailbox=None):
        self.box = self.start("imap:0", options=options)
        c = self.client(self.box.ports[0])
        self.assertTrue(c.login()[-1].startswith("OK "))
        if mailbox:
            self.assertEqual(c.status(mailbox), "OK")
        return c

    def untagged(self, client, command):
        answer = client.ask(command)
        self.assertTrue(answer[-1].startswith("OK "), answer)
        return "".join(answer[:-1])

    def test_greeting_and_states(self):
        c = self.client(self.start("imap:0").ports[0])
        offered = re.match(r"\* OK \[CAPABILITY (IMAP4rev1 [^\]]*)\] .*\r\n$", self.greeting)[1]
        self.assertEqual(c.ask("CAPABILITY")[0], f"* CAPABILITY {offered}\r\n")
        self.assertRegex(offered, r"\bSTARTTLS\b.*\bAUTH=SCRAM-SHA-256\b")
        self.assertNotRegex(offered, "IDLE|PLUS |NAMESPACE")
        for command, status in (
                ("NOOP", "OK"), ("SELECT INBOX", "BAD"), ("LIST \"\" *", "BAD"), ("X", "BAD"),
                ("NOOP x", "BAD"), ("LOGIN a", "BAD"), ("LOGIN a  b", "BAD"), ("LOGIN", "BAD"),
                ("UID FETCH 1 UID", "BAD"), (f"login {USER} wrong", "NO"),
                (f'login "{USER}" "{PASSWORD}"', "OK"), ("LOGIN a b", "BAD"), ("STARTTLS", "BAD"),
                ("FETCH 1 UID", "BAD"), ("CLOSE", "BAD"), ("select inbox", "OK"),
                ("FETCH 1 UID", "OK"), ("FETCH 9 UID", "BAD"), ("FETCH 0 UID", "BAD"),
                ("FETCH 1", "BAD"), ("FETCH 1 NOSUCH", "BAD"), ("UID FETCH 999 UID", "OK"),
                ("FETCH 1:2,* (UID FLAGS)", "OK"), ("EXPUNGE 1", "BAD"), ("UID NOOP", "BAD"),
                ("EXAMINE nosuch", "NO"), ("FETCH 1 UID", "BAD"), ("id NIL", "OK")):
            self.assertEqual(c.status(command), status, command)
        self.assertEqual(c.ask("LOGOUT")[0], "* BYE Logging out\r\n")
        self.assertEqual(c.rest(), b"")

    def test_careless_clients(self):
        box = self.start("imap:0")
        for said, answer in ((b"a NOOP\n", rb"\* BAD .*\r\n$"), (b"a NO\rOP\r\n", rb"\* BAD"),
                             (b"\r\n", rb"\* BAD"), (b"a NO\0OP\r\n", rb"\* BAD"),
                             (b"+ NOOP\r\n", rb"\* BAD"), (b"a\r\n", rb"a BAD"),
                             (b"a  NOOP\r\n", rb"a BAD"), (b"a NOOP \r\n", rb"a BAD"),
                             (b"a " + b"x" * 70000 + b"\r\n", rb"\* BAD")):
            c = self.client(box.ports[0])
            c.send(said)
            self.assertRegex(c.line(), rb"^" + answer, said[:20])
            self.assertEqual(c.status("NOOP"), "OK")

    def test_nothing_behind_starttls_or_login(self):
        box = self.start("imap:0")
        for said in (b"a STARTTLS\r\nb NOOP\r\n", b"a LOGIN x y\r\nb NOOP\r\n",
                     b"a LOGIN {1}\r\nx y\r\n", b"a AUTHENTICATE PLAIN\r\nAAAA\r\n"):
            c = self.client(box.ports[0])
            c.send(said)
            self.assertRegex(c.rest(), rb"^a BAD [^\n]*\n$")

    def test_strings(self):
        box = self.start("imap:0", options=(r'--account=a"b\c:{5}',))
        for user, password in ((r'"a\"b\\c"', '"{5}"'), (r'"a\"b\\c"', "{3+}\r\n{5}"),
                               ("{5+}\r\na\"b\\c", '"{5}"')):
            c = self.client(box.ports[0])
            self.assertEqual(c.status(f"LOGIN {user} {password}"), "OK", user)
        c = self.client(box.ports[0])
        c.say("LOGIN {5}")
        self.assertTrue(c.response().startswith("+ "))
        c.send('a"b\\c {3}\r\n')
        self.assertTrue(c.response().startswith("+ "))
        c.send("{5}\r\n")
        self.assertTrue(c.completed()[-1].startswith("OK"))
        for bad in (r'LOGIN "a\b" x', 'LOGIN "a x', "LOGIN a(b x", "LOGIN é x", "LOGIN {1}x y"):
            self.assertEqual(self.client(box.ports[0]).status(bad), "BAD", bad)

    def test_mailbox_list(self):
        c = self.inside()
        everything = self.untagged(c, 'LIST "" "*"')
        names = re.findall(r'^\* LIST \(([^)]*)\) "/" "([^"]*)"\r$', everything, re.M)
        self.assertEqual(dict(map(reversed, names)), {
            "INBOX": r"\HasNoChildren", "Archive": r"\Noselect \HasChildren",
            "Archive/2026": r"\HasNoChildren", "Info": r"\HasNoChildren",
            "Entw&APw-rfe": r"\HasNoChildren \Drafts", "Sent": r"\HasNoChildren \Sent",
            "Junk": r"\HasNoChildren \Junk"})
        for arguments, found in (
                ('"" %', "INBOX Archive Info Entw&APw-rfe Sent Junk"),
                ("Archive/ %", "Archive/2026"), ('"" *2026', "Archive/2026"), ('"" inbox', "INBOX"),
                ('"" iNbO%', "INBOX"), ('"" info', ""), ('"" A%/%6', "Archive/2026"),
                ('"" "*q*"', ""), ('"" *n*o*', "INBOX Info"),
                ('"" I*o', "Info"), ('{7+}\r\nArchive "/*"', "Archive/2026")):
            self.assertEqual(re.findall(r'"([^"/]+[^"]*)"\r',
                                        self.untagged(c, "LIST " + arguments)),
                             found.split(), arguments)
        self.assertEqual(self.untagged(c, 'LIST "" ""'), '* LIST (\\Noselect) "/" ""\r\n')
        self.assertIn("* LSUB ", self.untagged(c, 'LSUB "" *'))
        self.assertEqual(self.untagged(c, "NAMESPACE"), '* NAMESPACE (("" "/")) NIL NIL\r\n')

    def test_making_and_moving(self):
        c = self.inside()
        for command, code in (
                ("CREATE a/b/c", "OK"), ("CREATE a/b/c", "NO [ALREADYEXISTS]"),
                ("CREATE inbox", "NO [ALREADYEXISTS]"), ("EXAMINE a/b", "NO [CANNOT]"),
                ("CREATE a/b/", "OK"), ("EXAMINE a/b", "OK [READ-ONLY]"),
                ("RENAME a x/y", "NO [CANNOT]"), ("RENAME a/b x/y", "OK"),
                ("EXAMINE x/y/c", "OK [READ-ONLY]"), ("EXAMINE a/b/c", "NO [NONEXISTENT]"),
                ("RENAME x/y/c Archive", "NO [ALREADYEXISTS]"),
                ("RENAME x/y/c Info", "NO [ALREADYEXISTS]"), ("DELETE x/y", "OK"),
                ("EXAMINE x/y", "NO [CANNOT]"), ("DELETE x/y/c", "OK"),
                ("DELETE INBOX", "NO [CANNOT]"), ("DELETE nosuch", "NO [NONEXISTENT]"),
                ("CREATE a//b", "NO [CANNOT]"), ("CREATE /a", "NO [CANNOT]"),
                ('CREATE "a%b"', "NO [CANNOT]"), ('CREATE ""', "NO [CANNOT]"),
                ("CREATE {2+}\r\né", "NO [CANNOT]"), ("CREATE &", "NO [CANNOT]"),
                ("CREATE &-", "OK"), ("CREATE &AGE-", "NO [CANNOT]"), ("CREATE &ZeVnLIqe-", "OK"),
                ("CREATE &ZeVnLIq-", "NO [CANNOT]"), ("CREATE &Jjo-&Jjo-", "NO [CANNOT]"),
                ("CREATE &2D3eAA-", "OK"), ("CREATE &2D0-", "NO [CANNOT]"),
                ("CREATE &APx-", "NO [CANNOT]"), ("CREATE &APw", "NO [CANNOT]"),
                ("CREATE &AP/-", "NO [CANNOT]"),
                ("CREATE " + "x" * 256, "NO [CANNOT]")):
            self.assertEqual(c.code(command), code, command)

    def test_selecting(self):
        c = self.inside()
        opened = self.untagged(c, "EXAMINE INBOX")
        self.assertEqual(dict((word, int(n)) for n, word in NUMBER.findall(opened)),
                         {"EXISTS": 3, "RECENT": 2})
        for code in (r"UNSEEN 2", r"PERMANENTFLAGS \(\)", r"UIDVALIDITY \d+", "UIDNEXT 4"):
            self.assertRegex(opened, rf"(?m)^\* OK \[{code}\]")
        self.assertEqual(c.code("STORE 1 FLAGS ()"), "NO [READ-ONLY]")
        self.assertEqual(c.code("EXAMINE INBOX"), "OK [READ-ONLY]")
        self.assertIn("* 2 RECENT", self.untagged(c, "SELECT INBOX"))
        self.assertIn("* 0 RECENT", self.untagged(c, "SELECT INBOX"))
        self.assertEqual(c.code("SELECT INBOX"), "OK [READ-WRITE]")
        self.assertEqual(
            self.untagged(c, "STATUS Archive/2026 (MESSAGES UIDNEXT UNSEEN RECENT SIZE)"),
            '* STATUS "Archive/2026" (MESSAGES 2 UIDNEXT 3 UNSEEN 1 RECENT 1 SIZE 4096)\r\n')
        for bad in ("STATUS INBOX ()", "STATUS INBOX (X)", "STATUS INBOX MESSAGES", "STATUS INBOX"):
            self.assertEqual(c.status(bad), "BAD", bad)
        self.assertEqual(c.code("STATUS x (MESSAGES)"), "NO [NONEXISTENT]")

    def test_fetching(self):
        c = self.inside("--messages=5:3000", mailbox="SELECT INBOX")
        first = self.untagged(c, "UID FETCH 1:* (UID RFC822.SIZE INTERNALDATE)")
        self.assertEqual(re.findall(r"^\* (\d) FETCH \(UID (\d) RFC822\.SIZE 3000 INTERNALDATE "
                                    r'"\d\d-\w{3}-\d{4} \d\d:\d\d:\d\d \+0000"\)\r$', first, re.M),
                         [(n, n) for n in "12345"])
        whole = self.untagged(c, "FETCH 2 BODY.PEEK[]")
        text = re.match(r"(?s)\* 2 FETCH \(BODY\[\] \{3000\}\r\n(.*)\)\r\n$", whole)[1]
        self.assertEqual(len(text), 3000)
        self.assertRegex(text, r"(?s)^Return-Path: .*\r\nSubject: Test message 2\r\n")
        self.assertRegex(text, r"(?s)\r\n\r\n\.\r\n.*\r\n\.\.\w.*\r\n$")
        self.assertNotRegex(text, "\0|[^\r]\n|\r[^\n]")
        header, body = text.split("\r\n\r\n", 1)
        for item, name, wanted in (
                ("BODY.PEEK[HEADER]", "BODY[HEADER]", header + "\r\n\r\n"),
                ("RFC822.HEADER", "RFC822.HEADER", header + "\r\n\r\n"),
                ("BODY.PEEK[TEXT]", "BODY[TEXT]", body), ("BODY.PEEK[]<100.50>", "BODY[]<100>",
                                                          text[100:150]),
                ("BODY.PEEK[TEXT]<2600.5000>", "BODY[TEXT]<2600>", body[2600:]),
                ("BODY.PEEK[]<9999.5>", "BODY[]<9999>", ""),
                ('BODY.PEEK[HEADER.FIELDS (Subject "X-NO" to)]',
                 'BODY[HEADER.FIELDS (Subject "X-NO" to)]',
                 "To: Probe <probe@sandbox.test>\r\nSubject: Test message 2\r\n\r\n")):
            self.assertEqual(self.untagged(c, f"UID FETCH 2 {item}"),
                             f"* 2 FETCH ({name} {{{len(wanted)}}}\r\n{wanted} UID 2)\r\n")
        self.assertEqual(self.untagged(c, "FETCH 2 FLAGS"), "* 2 FETCH (FLAGS (\\Recent))\r\n")
        self.assertRegex(self.untagged(c, "FETCH 2 BODY[TEXT]<0.1>"),
                         r" FLAGS \(\\Seen \\Recent\)\)\r\n$")
        self.assertEqual(len(self.untagged(c, "FETCH 1:* FAST").splitlines()), 5)
        self.assertRegex(self.untagged(c, "UID FETCH * UID"), r"^\* 5 FETCH \(UID 5\)\r\n$")
        self.assertRegex(self.untagged(c, "UID FETCH 99:* UID"), r"^\* 5 FETCH \(UID 5\)\r\n$")

    def test_sizes_are_exact(self):
        for size in (600, 601, 677, 678, 40001):
            c = self.inside(f"--messages=2:{size}", mailbox="EXAMINE INBOX")
            answer = self.untagged(c, "FETCH 1:2 (RFC822.SIZE BODY.PEEK[])")
            self.assertEqual(answer.count(f"RFC822.SIZE {size} BODY[] {{{size}}}\r\n"), 2)

    def test_appending_and_removing(self):
        c = self.inside()
        message = "Subject: x\r\n\r\n.\r\ncaf\u00e9\r\nno line end".encode()
        form = {"literal": "{%d}" % len(message)}
        for arguments, code in (("nosuch {literal}", "NO [TRYCREATE]"),
                                ('"&" {literal}', "NO [CANNOT]")):
            self.assertEqual(c.code("APPEND " + arguments.format(**form)), code)
        c.say("APPEND Info (\\Seen x) \" 1-Feb-2024 03:04:05 +0100\" {literal}".format(**form))
        self.assertTrue(c.response().startswith("+ "))
        c.send(message + b"\r\n")
        self.assertRegex(c.completed()[-1], r"^OK \[APPENDUID \d+ 2\]")
        self.assertIn("* 2 EXISTS", self.untagged(c, "SELECT Info"))
        answer = self.untagged(c, "FETCH 2 (FLAGS INTERNALDATE BODY.PEEK[])")
        self.assertEqual(answer.encode("latin-1"),
                         b"* 2 FETCH (FLAGS (\\Seen \\Recent) INTERNALDATE "
                         b'"01-Feb-2024 02:04:05 +0000" BODY[] {%d}\r\n%s)\r\n'
                         % (len(message), message))
        c.send(b"b APPEND Info {%d+}\r\n%s\r\n" % (len(message), message))
        c.tag = "b"
        self.assertIn("* 3 EXISTS\r\n", c.completed())
        self.assertEqual(self.untagged(c, "STORE 1:2 +FLAGS.SILENT (\\Deleted)"), "")
        self.assertEqual(self.untagged(c, "UID STORE 3 FLAGS (\\Flagged \\Seen)"),
                         "* 3 FETCH (UID 3 FLAGS (\\Seen \\Flagged \\Recent))\r\n")
        self.assertIn("FLAGS (\\Flagged \\Recent)", self.untagged(c, "STORE 3 -FLAGS \\Seen"))
        self.assertEqual(self.untagged(c, "UID EXPUNGE 2:9"), "* 2 EXPUNGE\r\n")
        self.assertEqual(self.untagged(c, "EXPUNGE"), "* 1 EXPUNGE\r\n")
        self.assertEqual(self.untagged(c, "UID FETCH 1:* UID"), "* 1 FETCH (UID 3)\r\n")
        self.untagged(c, "STORE 1 +FLAGS \\Deleted")
        self.assertEqual(self.untagged(c, "UNSELECT"), "")
        self.assertIn("MESSAGES 1 UIDNEXT 4", self.untagged(c, "STATUS Info (MESSAGES UIDNEXT)"))
        self.assertIn("* 1 EXISTS", self.untagged(c, "EXAMINE Info"))
        self.untagged(c, "CLOSE")
        self.assertIn("* 1 EXISTS", self.untagged(c, "SELECT Info"))
        self.untagged(c, "CLOSE")
        self.assertIn("* 0 EXISTS", self.untagged(c, "SELECT Info"))

    def test_messages_no_server_takes(self):
        c = self.inside()
        for text, status in (("a: b\n\n", "NO"), ("a: b\rx", "NO"), ("no header", "NO"),
                             (": x\r\n", "NO"), ("a b: x\r\n", "NO"), ("a: b\0\r\n", "NO"),
                             ("a: b", "OK"),
                             ("a: b\r\n\r\n", "OK")):
            c.say(f"APPEND INBOX {{{len(text)}}}")
            c.response()
            c.send(text + "\r\n")
            self.assertEqual(c.completed()[-1].split()[0], status, text)
        for bad in ("APPEND INBOX x", "APPEND INBOX {3+}\r\na: ()", "APPEND INBOX () {0+}\r\n",
                    "APPEND INBOX \"x\" {4+}\r\na: b"):
            self.assertEqual(c.status(bad), "BAD", bad)
        self.assertEqual(c.code("APPEND INBOX {99999999}"), "NO [TOOBIG]")

    def test_searching(self):
        c = self.inside("--messages=9:1000", mailbox="EXAMINE INBOX")
        today = time.strftime("%d-%b-%Y", time.gmtime(time.time() + 86400))
        for keys, found in (
                ("ALL", "1 2 3 4 5 6 7 8 9"), ("SEEN", "1 4 7"), ("UNSEEN 1:3", "2 3"),
                ("UID 8:*", "8 9"), ("RECENT NOT UID 3:9", "2"), ("DELETED", ""),
                ("OR 1 (SEEN 7:9)", "1 7"), ("BEFORE 1-Jan-2001", ""), (f"SINCE {today}", ""),
                ("SINCE 1-Jan-2001 2", "2"), ('SUBJECT "message 3"', "3"),
                ("FROM postMASTER 9", "9"), ("TEXT lone", "2 5 8"), ("BODY seed-", ""),
                ("TEXT seed-4@", "4"), ("HEADER message-id seed-6@", "6"),
                ("LARGER 999 SMALLER 1001 5", "5"), ("LARGER 1000", ""),
                ("CHARSET UTF-8 TEXT {9+}\r\nfrançais", ""),
                ("CHARSET UTF-8 TEXT {6+}\r\nançais", ""), ("TEXT {5+}\r\nnçai", "")):
            if "{" in keys:     # counted in characters; send the octets
                head, word = keys.split("\r\n")
                keys = re.sub(r"\{\d", "{%d" % len(word.encode()), head) + "\r\n" + word
                found = "2 5 8"
            self.assertEqual(self.untagged(c, "UID SEARCH " + keys),
                             "* SEARCH" + (" " + found if found else "") + "\r\n", keys)
        self.assertEqual(self.untagged(c, "UID SEARCH RETURN (COUNT) UNSEEN"),
                         f'* ESEARCH (TAG "{c.tag}") UID COUNT 6\r\n')
        self.assertEqual(self.untagged(c, "SEARCH RETURN (MIN MAX ALL) NOT 3"),
                         f'* ESEARCH (TAG "{c.tag}") MIN 1 MAX 9 ALL 1:2,4:9\r\n')
        self.assertEqual(self.untagged(c, "SEARCH RETURN () 99999:*"),
                         f'* ESEARCH (TAG "{c.tag}") ALL 9\r\n')
        for bad in ("SEARCH", "SEARCH x", "SEARCH SUBJECT", "SEARCH (ALL",
                    "SEARCH " + "NOT " * 50 + "ALL", "SEARCH SINCE 2001-01-01"):
            self.assertEqual(c.status(bad), "BAD", bad)
        self.assertEqual(c.code("SEARCH CHARSET KOI8-R ALL"), "NO [BADCHARSET (US-ASCII UTF-8)]")

    def test_sessions_hear_of_each_other(self):
        c = self.inside(mailbox="SELECT INBOX")
        other = self.client(self.box.ports[0])
        other.login()
        other.ask("SELECT INBOX")
        other.ask("STORE 1 +FLAGS (\\Deleted)")
        self.assertEqual(self.untagged(c, "NOOP"), "* 1 FETCH (FLAGS (\\Seen \\Deleted))\r\n")
        other.ask("EXPUNGE")
        other.ask("APPEND INBOX {8+}\r\na: b\r\n\r\n")
        self.assertNotIn("EXPUNGE", self.untagged(c, "FETCH 2 UID"))
        self.assertEqual(self.untagged(c, "NOOP"), "* 1 EXPUNGE\r\n* 3 EXISTS\r\n* 2 RECENT\r\n")
        self.assertEqual(self.untagged(c, "UID FETCH 1:* UID").count("FETCH"), 3)
        other.ask("CREATE x")
        c.ask("SELECT x")
        self.assertEqual(other.status("DELETE x"), "OK")
        self.assertEqual(self.untagged(c, "NOOP"), "")
        self.assertEqual(c.status("SELECT x"), "NO")

    def test_idle_hears_of_deliveries(self):
        box = self.start("imap:0", "lmtp:0")
        c = self.client(box.ports[0])
        c.examine()
        c.say("IDLE")
        self.assertTrue(c.response().startswith("+ "))
        with smtplib.LMTP("127.0.0.1", box.ports[1]) as s:
            s.sendmail("a@b.test", USER, "Subject: new\r\n\r\nx\r\n")
        self.assertEqual([c.response(), c.response()], ["* 4 EXISTS\r\n", "* 3 RECENT\r\n"])
        c.send("done\r\n")
        self.assertEqual(c.completed(), ["OK IDLE completed\r\n"])
        self.assertIn("Subject: new\r\n", self.untagged(c, "FETCH 4 BODY.PEEK[]"))
        c.say("IDLE")
        c.response()
        c.send("b NOOP\r\n")
        self.assertTrue(c.completed()[-1].startswith("BAD"))

    def test_quota(self):
        c = self.inside("--messages=3:10240")
        self.assertEqual(self.untagged(c, "GETQUOTAROOT INBOX"), '* QUOTAROOT "INBOX" "all"\r\n'
                         '* QUOTA "all" (STORAGE 60 4194304 MESSAGE 6 1000000)\r\n')
        self.assertIn("* QUOTA", self.untagged(c, 'GETQUOTA "all"'))
        self.assertEqual(c.code("GETQUOTA x"), "NO [NONEXISTENT]")
        self.assertEqual(c.code("GETQUOTAROOT x"), "NO [NONEXISTENT]")

    def test_imaplib(self):
        box = self.start("imap:0", "imaps:0")
        tls = context(box.state)
        with imaplib.IMAP4("127.0.0.1", box.ports[0]) as m:
            m.starttls(tls)
            m.login_cram_md5(USER, PASSWORD)
            m.create("x")
            m.append("x", r"(\Seen)", imaplib.Time2Internaldate(time.time()),
                     b"Subject: x\r\n\r\nhello\r\n")
            self.assertEqual(m.select("x"), ("OK", [b"1"]))
            self.assertEqual(m.fetch("1", "(RFC822)")[1][0][1], b"Subject: x\r\n\r\nhello\r\n")
            m.close()
            self.assertEqual(m.delete("x")[0], "OK")
        with imaplib.IMAP4_SSL("127.0.0.1", box.ports[1], ssl_context=tls) as m:
            m.authenticate("PLAIN", lambda _: f"\0{USER}\0{PASSWORD}".encode())
            self.assertEqual(m.select("INBOX", readonly=True), ("OK", [b"3"]))

    def test_big_answers_hold_up_nobody(self):
        box = self.start("imap:0", options=("--messages=20:5000000",))
        c = self.client(box.ports[0])
        c.examine()
        c.say("FETCH 1:* BODY.PEEK[]")
        other = self.client(box.ports[0])
        self.assertTrue(other.login()[-1].startswith("OK"))
        other.ask("SELECT INBOX")
        other.ask("STORE 1:* +FLAGS.SILENT \\Deleted")
        other.ask("EXPUNGE")
        digest = hashlib.sha256()
        first = c.response()
        self.assertTrue(first.startswith("* 1 FETCH (BODY[] {5000000}"))
        digest.update(first.encode("latin-1"))
        self.assertTrue(c.completed()[-1].startswith("OK"))
        with open(f"/proc/{box.process.pid}/status", encoding="ascii") as status:
            self.assertLess(int(re.search(r"VmHWM:\s*(\d+)", status.read())[1]), 20000)


class Auth(Case):
    def fresh(self, port, **options):
        c = self.connect(port, ImapClient)
        c.response()
        self.offered = c.starttls(**options)
        return c

    def login(self, client, name, *answers):
        client.say("AUTHENTICATE " + name)
        reply = client.response()
        for answer in answers:
            self.assertTrue(reply.startswith("+ "), reply)
            client.send((answer if isinstance(answer, str) else answer(reply[2:].strip())) + "\r\n")
            reply = client.response()
        return reply.split()[1]

    def test_passwords(self):
        port = self.start("imap:0").ports[0]
        plain, bad = b64(f"\0{USER}\0{PASSWORD}"), b64(f"\0{USER}\0wrong")

        def cram(challenge):
            return b64(USER + " " + hmac.new(PASSWORD.encode(), base64.b64decode(challenge),
                                             "md5").hexdigest())

        for name, answers, status in (
                ("PLAIN", [plain], "OK"), ("PLAIN " + plain, [], "OK"), ("plain " + bad, [], "NO"),
                ("PLAIN =", [], "BAD"), ("PLAIN ***", [], "BAD"), ("PLAIN", ["*"], "BAD"),
                ("LOGIN", [b64(USER), b64(PASSWORD)], "OK"),
                ("LOGIN " + b64(USER), [b64(PASSWORD)], "OK"), ("CRAM-MD5", [cram], "OK"),
                ("CRAM-MD5 " + plain, [], "BAD"), ("EXTERNAL =", [], "NO"),
                ("NTLM", [], "NO")):
            self.assertEqual(self.login(self.fresh(port), name, *answers), status, (name, answers))

    def test_scram(self):
        port = self.start("imap:0").ports[0]
        for digest, name in (("sha256", "SCRAM-SHA-256"), ("sha1", "SCRAM-SHA-1")):
            for initial in (True, False):
                scram = Scram(digest)
                answers = [scram.final, lambda proof: self.proofs.append(proof) or ""]
                self.proofs = []
                c = self.fresh(port)
                head = f"{name} {scram.first()}" if initial else name
                self.assertEqual(self.login(c, head, *([] if initial else [scram.first()]),
                                            *answers), "OK")
                self.assertEqual(base64.b64decode(self.proofs[0]),
                                 b"v=" + b64(scram.expected).encode())
            c = self.fresh(port)
            der = hashlib.sha256(c.sock.getpeercert(True)).digest()
            scram = Scram(digest, "tls-server-end-point", der)
            self.assertEqual(self.login(c, f"{name}-PLUS {scram.first()}", scram.final, ""), "OK")
            wrong = Scram(digest, password="x")
            self.assertEqual(self.login(self.fresh(port), f"{name} {wrong.first()}", wrong.final),
                             "NO")

    def test_others(self):
        box = self.start("imap:0", "imaps:0")
        c = self.fresh(box.ports[0], client=box.state)
        self.assertIn("AUTH=EXTERNAL", self.offered)
        self.assertEqual(self.login(c, "EXTERNAL ="), "OK")
        bearer = b64(f"n,a={USER},\1auth=Bearer sandbox-token\1\1")
        self.assertEqual(self.login(self.fresh(box.ports[0]), "OAUTHBEARER " + bearer), "OK")
        bad = b64(f"user={USER}\1auth=Bearer x\1\1")
        self.assertEqual(self.login(self.fresh(box.ports[0]), "XOAUTH2 " + bad, ""), "NO")
        c = self.fresh(box.ports[0])
        self.assertNotIn("STARTTLS", self.offered)
        self.assertIn("AUTH=SCRAM-SHA-256-PLUS", self.offered)
        self.assertEqual(c.status("STARTTLS"), "BAD")
        answer = c.login()[-1]
        self.assertRegex(answer, r"^OK \[CAPABILITY IMAP4rev1 [^\]]*\bUIDPLUS\b[^\]]*\]")
        self.assertNotRegex(answer, "AUTH=")


if __name__ == "__main__":
    main()
