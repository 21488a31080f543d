# SPDX-License-Identifier: BSD-2-Clause
"""The faults of IMAP, and what the common ones do there: cases for test_faults.py."""

import re
import time

from harness import PASSWORD, USER, Case, ImapClient, Scram, b64

TEXT = "Subject: x\r\n\r\nabcdefgh\r\n"
# What a client may say, by the place that it is about; {name} is a mailbox of its own.
TALK = {
    "capability": "CAPABILITY", "namespace": "NAMESPACE", "list": 'LIST "" *',
    "select": "EXAMINE INBOX",
    "status": "STATUS INBOX (MESSAGES)", "sizes": "UID FETCH 1:* (UID RFC822.SIZE)",
    "search": "UID SEARCH ALL",
    "fetch": "UID FETCH 2 BODY.PEEK[]", "create": "CREATE own", "rename": "RENAME own own2",
    "delete": "DELETE own2",
    "append": "APPEND Info {%d+}\r\n%s" % (len(TEXT), TEXT),
    "store": "UID STORE 1 +FLAGS (\\Flagged)",
    "expunge": "UID EXPUNGE 1", "quota": "GETQUOTAROOT INBOX", "other": "NOOP", "logout": "LOGOUT",
}


class Imap(Case):
    def inside(self, fault, options=(), select="SELECT INBOX"):
        c = self.fault(fault, "imap", options=options)
        self.assertTrue(c.login()[-1].startswith("OK"))
        if select:
            self.assertTrue(c.ask(select)[-1].startswith("OK"))
        return c

    def raw(self, client, command):
        """All that comes until the end of the connection."""
        client.say(command)
        return client.rest().decode("latin-1")

    def test_banners(self):
        for fault, said in (("banner-no", r"\* NO Not today"),
                            ("banner-no:UNAVAILABLE", r"\* NO \[UNAVAILABLE\] Not today"),
                            ("banner-bye", r"\* BYE Not today"),
                            ("banner-bye:INUSE", r"\* BYE \[INUSE\] Not today"),
                            ("close-after-banner", r"\* OK \[CAPA.*"),
                            ("reply-endless:banner", None)):
            c = self.fault(fault, "imap", greeted=False)
            if said:
                self.assertRegex(c.rest().decode(), rf"^{said}\r\n$", fault)
            else:
                self.assertRegex(c.read(), rb"^(\* X-AND-SO-ON\r\n)+")
        c = self.fault("banner-preauth", "imap", greeted=False)
        self.assertRegex(c.response(), r"^\* PREAUTH \[CAPABILITY [^\]]*IDLE[^\]]*\]")
        self.assertEqual([c.status("STARTTLS"), c.status("LOGIN a b"), c.status("EXAMINE INBOX")],
                         ["BAD", "BAD", "OK"])
        c = self.fault("banner-bare", "imap", greeted=False)
        self.assertNotIn("[", c.response())
        self.assertNotIn("[", c.login()[-1])
        self.assertIn("é", self.fault("banner-8bit", "imap", greeted=False).response())
        self.assertTrue(self.fault("banner-silent", "imap", greeted=False).quiet())
        c = self.fault("pregreet:100", "imap")
        self.assertEqual(c.status("NOOP"), "OK")
        c = self.connect(c.box.ports[0], ImapClient, first=b"a NOOP\r\n")
        c.response()
        self.assertTrue(c.response().startswith("* BYE"))

    def test_capabilities(self):
        c = self.fault("capability-refused", "imap")
        self.assertEqual(c.status("CAPABILITY"), "BAD")
        c = self.fault("capability-missing", "imap")
        self.assertEqual(c.ask("CAPABILITY"), ["OK CAPABILITY completed\r\n"])
        c = self.fault("imap-without:SASL-IR/UIDPLUS/IDLE/LITERAL+/AUTH=PLAIN/STATUS=SIZE", "imap")
        plain = b64(f"\0{USER}\0{PASSWORD}")
        said = c.ask("CAPABILITY")[0]
        self.assertEqual(c.status("AUTHENTICATE PLAIN " + plain), "BAD")
        said += c.login()[-1]
        self.assertNotRegex(said, r"SASL-IR|UIDPLUS|IDLE|LITERAL\+|AUTH=PLAIN|STATUS=SIZE")
        self.assertRegex(said, "(?s)AUTH=LOGIN.*NAMESPACE")
        self.assertEqual([c.status(x) for x in ("SELECT INBOX", "UID EXPUNGE 1", "IDLE",
                                                "STATUS INBOX (SIZE)")],
                         ["OK", "BAD", "BAD", "BAD"])
        self.assertTrue(self.raw(c,
                                 "LOGIN {1+}\r\nx y").endswith(" BAD LITERAL+ is not offered\r\n"))
        self.assertEqual(self.fault("ehlo-long:50", "imap").ask("CAPABILITY")[0].count("X-UNKNOWN"),
                         50)
        said = self.fault("lower-case", "imap").ask("CAPABILITY")
        self.assertEqual(said[0], said[0].lower())
        self.assertEqual(said[1], "OK CAPABILITY completed\r\n")

    def test_imap4rev2(self):
        c = self.fault("imap4rev2", "imap")
        self.assertRegex(c.ask("CAPABILITY")[0], r"\bIMAP4rev2\b")
        c.login()
        self.assertRegex("".join(c.ask('LIST "" *')).encode("latin-1"),
                         rb'"/" "Entw\xc3\xbcrfe"\r\n')
        c.say("CREATE own")
        self.assertNotIn("RECENT", "".join(c.completed() + c.ask("EXAMINE INBOX")))
        self.assertEqual(c.status("STATUS INBOX (RECENT)"), "BAD")
        self.assertRegex(c.ask("UID SEARCH ALL")[0],
                         r"^\* ESEARCH \(TAG \"a\d+\"\) UID ALL 1:3\r\n$")
        for name in ('"Entwürfe"', '"a&b"', '"\N{GRINNING FACE}"'):
            c.say(f"CREATE {name}")
            status = c.completed()[-1]
            self.assertTrue(status.startswith("NO [ALREADY" if "Entw" in name else "OK"),
                            (name, status))
            listing = "".join(c.ask('LIST "" *')).encode("latin-1")
            self.assertIn(name.encode(), listing)

    def test_logins(self):
        plain = b64(f"\0{USER}\0{PASSWORD}")
        for fault, code in (
                ("auth-unavailable", "NO [UNAVAILABLE]"), ("auth-rejected",
                                                           "NO [AUTHENTICATIONFAILED]"),
                ("login-no", "NO"), ("login-bad", "BAD"), ("auth-none", "NO [CANNOT]"),
                ("auth-only:LOGIN/CRAM-MD5", "NO [CANNOT]"),
                *((f"login-no:{x}", f"NO [{x}]") for x in ("AUTHENTICATIONFAILED", "UNAVAILABLE",
                                                           "SERVERBUG", "LIMIT", "INUSE",
                "EXPIRED"))):
            c = self.fault(fault, "imap")
            self.assertEqual(c.code("AUTHENTICATE PLAIN " + plain), code, fault)
            command = "NO [PRIVACYREQUIRED]" if "CANNOT" in code else code
            self.assertEqual(c.code(f"LOGIN {USER} {PASSWORD}"), command, fault)
        for fault, disabled in (("auth-none", True), ("auth-tls-only", True),
                                ("auth-only:login", False), ("auth-only:PLAIN", True)):
            c = self.fault(fault, "imap")
            offered = c.ask("CAPABILITY")[0]
            self.assertEqual("LOGINDISABLED" in offered, disabled, fault)
            self.assertEqual("AUTH=" in offered, fault == "auth-only:PLAIN", fault)
            self.assertEqual(c.login()[-1][:2], "NO" if disabled else "OK", fault)
        c = self.fault("auth-tls-only", "imap")
        self.assertNotIn("LOGINDISABLED", c.starttls())
        self.assertEqual(c.status("AUTHENTICATE PLAIN " + plain), "OK")
        self.assertIn("wrong", self.fault("auth-echo", "imap").login(USER, "wrong")[-1])
        answer = self.fault("login-alert", "imap").login()
        self.assertRegex("".join(answer), r"^\* OK \[ALERT\] .*\r\nOK ")
        for command in (f"LOGIN {USER} {PASSWORD}", "AUTHENTICATE PLAIN " + plain,
                        "AUTHENTICATE LOGIN"):
            c = self.fault("auth-stall", "imap")
            c.say(command)
            self.assertTrue(c.quiet(), command)
        c = self.fault("plus-bare", "imap")
        c.say("AUTHENTICATE PLAIN")
        self.assertEqual(c.response(), "+\r\n")

    def test_scram(self):
        def run(fault):
            scram = Scram("sha256")
            c = self.fault(fault, "imap")
            c.starttls()
            c.say("AUTHENTICATE SCRAM-SHA-256 " + scram.first())
            answer = c.response()
            if not answer.startswith("+ "):
                return answer.split()[1], scram, None
            c.send(scram.final(answer[2:].strip()) + "\r\n")
            return None, scram, c.response()

        self.assertEqual(run("auth-early-success")[0], "OK")
        self.assertRegex(run("auth-no-server-signature")[2], r"^a\d+ OK")
        _, scram, answer = run("auth-wrong-server-signature")
        self.assertRegex(answer, r"^\+ ")
        self.assertNotEqual(answer[2:].strip(), b64(b"v=" + b64(scram.expected).encode()))
        self.assertEqual(run("auth-iterations:12345")[1].fields["i"], "12345")
        with self.assertRaises(ValueError):
            run("auth-malformed")

    def test_refusals(self):
        for fault, place in (
                ("namespace-no", "namespace"), ("list-no", "list"), ("select-no", "select"),
                ("status-no", "status"), ("search-no", "search"), ("fetch-no", "fetch"),
                ("fetch-no", "sizes"), ("create-no", "create"), ("rename-no", "rename"),
                ("delete-no", "delete"), ("append-no", "append"), ("store-no", "store"),
                ("expunge-no", "expunge"), ("quota-no", "quota")):
            for code in ("", ":UNAVAILABLE"):
                c = self.inside(fault + code, select=None if place == "select" else "SELECT INBOX")
                if place in ("rename", "delete"):
                    c.ask("CREATE own")
                    c.ask("RENAME own own2") if place == "delete" else None
                wanted = "NO [UNAVAILABLE]" if code else "NO"
                self.assertEqual(c.code(TALK[place]), wanted, fault)
                self.assertEqual(c.status("NOOP"), "OK")
        self.assertEqual(self.inside("select-bad", select=None).status("SELECT INBOX"), "BAD")
        c = self.inside("idle-no:LIMIT")
        self.assertEqual(c.code("IDLE"), "NO [LIMIT]")
        c = self.inside("literal-no:OVERQUOTA")
        self.assertNotIn("LITERAL+", c.ask("CAPABILITY")[0])
        self.assertEqual(c.code("APPEND Info {5}"), "NO [OVERQUOTA]")
        c = self.inside("append-no")
        c.say("APPEND Info {4}")
        self.assertTrue(c.response().startswith("+ "))
        c.send("a: b\r\n")
        self.assertTrue(c.completed()[-1].startswith("NO"))
        self.assertIn("MESSAGES 1)", c.ask("STATUS Info (MESSAGES)")[0])
        c = self.inside("reply:search=NO [LIMIT] x")
        self.assertEqual(c.ask("SEARCH ALL"), ["NO [LIMIT] x\r\n"])
        c = self.inside("reply:status=OK nothing")
        self.assertEqual(c.ask("STATUS INBOX (MESSAGES)"), ["OK nothing\r\n"])
        c = self.inside("reply:other=* 99 EXISTS")
        c.say("NOOP")
        self.assertEqual(c.response(), "* 99 EXISTS\r\n")

    def test_lists(self):
        def listing(fault):
            return self.inside(fault, select=None).ask('LIST "" *')

        self.assertIn('* LIST (\\HasNoChildren) "/" "Junk"\r\n',
                      listing("imap-without:SPECIAL-USE"))
        self.assertEqual(listing("list-empty"), ["OK LIST completed\r\n"])
        self.assertIn('* LIST (\\HasNoChildren) "/" {5}\r\nINBOX\r\n', listing("list-literals"))
        self.assertIn('* LIST (\\HasNoChildren) NIL "Archive/2026"\r\n', listing("list-nil"))
        self.assertIn('* LIST (\\HasNoChildren) "." "Archive.2026"\r\n', listing("list-dot"))
        c = self.inside("list-dot", select="EXAMINE Archive.2026")
        self.assertIn('"Archive.2026"', c.ask("STATUS Archive.2026 (MESSAGES)")[0])
        self.assertIn('"Archive.2026"', "".join(c.ask('LIST "" A%.%')))
        self.assertNotIn('"Archive.2026"', "".join(c.ask('LIST "" A%')))
        self.assertEqual(c.ask("NAMESPACE")[0], '* NAMESPACE (("" ".")) NIL NIL\r\n')
        c = self.inside("list-inbox")
        self.assertIn('* LIST (\\HasNoChildren) "." "INBOX.Archive.2026"\r\n', c.ask('LIST "" *'))
        self.assertIn('* LIST (\\HasNoChildren) "." "INBOX"\r\n', c.ask('LIST "" *'))
        self.assertEqual(c.ask("NAMESPACE")[0], '* NAMESPACE (("INBOX." ".")) NIL NIL\r\n')
        self.assertEqual([c.code(x) for x in ("CREATE own", "CREATE INBOX.own", "EXAMINE INBOX.own",
                                              "EXAMINE inbox.Info")],
                         ["NO [CANNOT]", "OK", "OK [READ-ONLY]", "OK [READ-ONLY]"])
        c = self.inside("namespace-nil")
        self.assertEqual(c.ask("NAMESPACE")[0], "* NAMESPACE NIL NIL NIL\r\n")

    def test_missing_responses(self):
        c = self.inside("select-no-exists", select=None)
        answer = "".join(c.ask("EXAMINE INBOX"))
        self.assertNotIn("EXISTS", answer)
        self.assertRegex(answer, r"RECENT(?s:.*)\nOK")
        self.assertEqual(len(self.inside("status-missing").ask(TALK["status"])), 1)
        self.assertEqual(len(self.inside("search-missing").ask(TALK["search"])), 1)
        answer = self.inside("fetch-missing").ask(TALK["sizes"])
        self.assertEqual([a[:9] for a in answer], ["* 1 FETCH", "* 2 FETCH", "OK FETCH "])
        answer = self.inside("quota-missing").ask(TALK["quota"])
        self.assertEqual([a[:11] for a in answer], ["* QUOTAROOT", "OK GETQUOTA"])

    def test_search_long(self):
        c = self.inside("search-long:200000")
        answer = c.ask("UID SEARCH ALL")
        self.assertEqual(len(answer[0].split()), 2 + 3 + 200000)
        self.assertEqual(c.status("UID SEARCH RETURN (COUNT) ALL"), "BAD")

    def test_literals(self):
        def fetched(fault):
            c = self.inside(fault)
            c.say("UID FETCH 2 (UID BODY.PEEK[])")
            c.segments.clear()
            while b"FETCH completed" not in c.buffer and "cut" not in fault:
                c.buffer += c.read()
            text = (c.rest() if "cut" in fault else c.buffer).decode("latin-1")
            # each sandbox has its own second
            text = re.sub(r"(?<=Date: )[^\r]*", lambda date: "x" * len(date[0]), text)
            return re.match(r"(?s)\* 2 FETCH \(UID 2 BODY\[\] \{(\d+)\}\r\n(.*)$", text).groups()

        size, whole = fetched("slow:1")
        self.assertEqual(size, "2048")
        rest = whole[2048:]
        self.assertRegex(rest, r"^\)\r\na\d+ OK FETCH completed\r\n$")
        size, text = fetched("fetch-cut")
        self.assertEqual((size, text), ("2048", whole[:1024]))
        size, text = fetched("fetch-long:7")
        self.assertEqual((size, text), ("2041", whole))
        size, text = fetched("fetch-short:7")
        self.assertEqual((size, text), ("2055", whole))
        self.assertEqual(fetched("fetch-huge"), (str(2 ** 63), whole))
        size, text = fetched("fetch-altered")
        self.assertEqual(len(text), len(whole))
        self.assertEqual(sum(a != b for a, b in zip(text, whole)), 1)
        self.assertIn("RFC822.SIZE 2053", "".join(self.inside("fetch-size:5").ask(TALK["sizes"])))

    def test_appended_is_altered(self):
        c = self.inside("append-altered")
        self.assertEqual(c.status(TALK["append"]), "OK")
        c.ask("EXAMINE Info")
        self.assertEqual(c.ask("FETCH 2 BODY.PEEK[]")[0],
                         "* 2 FETCH (BODY[] {23}\r\nSubject: x\r\n\r\nabcdefg\r\n)\r\n")

    def test_idle(self):
        c = self.inside("idle-no-plus")
        self.assertEqual(c.ask("IDLE"), ["OK IDLE is over\r\n"])
        c = self.inside("silent:done")
        c.say("IDLE")
        self.assertTrue(c.response().startswith("+ "))
        c.send("DONE\r\n")
        self.assertTrue(c.quiet())

    def test_quota(self):
        self.assertEqual(self.inside("quota-none").ask(TALK["quota"])[1], '* QUOTA "all" ()\r\n')
        self.assertRegex(self.inside("quota-full").ask(TALK["quota"])[1], r"STORAGE (\d+) \1 ")

    def test_goodbyes(self):
        c = self.inside("logout-silent")
        c.say("LOGOUT")
        self.assertTrue(c.quiet())
        self.assertEqual(self.raw(self.inside("logout-close"), "LOGOUT"), "")
        c = self.inside("logout-no-bye")
        self.assertEqual(c.ask("LOGOUT"), ["OK LOGOUT completed\r\n"])

    def test_everywhere(self):
        # bye, alert, tag-wrong and tag-early at each place
        for place, command in TALK.items():
            def ready(fault):
                c = self.fault(f"{fault}:{place}", "imap")
                if place != "capability":
                    c.login()
                    for before in (["CREATE own"] if place in ("rename", "delete") else []) \
                            + (["RENAME own own2"] if place == "delete" else []) \
                            + (["SELECT INBOX"] if place != "select" else []):
                        c.ask(before)
                return c

            self.assertEqual(self.raw(ready("bye"), command), "* BYE The sandbox is closing\r\n",
                             place)
            answer = ready("alert").ask(command)
            self.assertRegex(answer[-2], r"^\* OK \[ALERT\] ", place)
            self.assertTrue(answer[-1].startswith("OK"), place)
            c = ready("tag-wrong")
            c.say(command)
            while (last := c.response())[0] == "*":
                pass
            self.assertRegex(last, rf"^x{c.tag} OK ", place)
            c = ready("tag-early")
            answer = c.ask(command)
            self.assertEqual(c.response(), f"a{c.count + 1} OK Too early\r\n", place)

    def test_common_ones(self):
        # what sits at any place, at one that all sessions come to
        for fault, said in (
                ("close", ""), ("close-after", r"\* CAPA.*\r\na1 OK .*\r\n"),
                ("close-mid-reply", r"\* CAPA[^\n]*"),
                ("reply-nul", "\\* CAP\0ABILITY.*\r\na1 OK .*\r\n"),
                ("reply-bad-code", r"\* CAPA.*\r\na1 Ox .*\r\n"),
                ("reply-blank", r"\* CAPA.*\r\n a1 OK .*\r\n"),
                ("reply-unasked", r"\* CAPA.*\r\na1 OK .*\r\nnobody OK .*\r\n"),
                ("reply-mixed", r"\* CAPA.*\r\na1 OK .*\r\n"),
                ("lf-only", r"\* CAPA[^\r]*\na1 OK [^\r]*\n")):
            c = self.fault(fault, "imap")
            c.send("a1 CAPABILITY\r\n")
            if "close" not in fault:
                c.send("a2 LOGOUT\r\n")
            answer = c.rest().decode("latin-1").partition("* BYE")[0]
            self.assertRegex(answer, f"^{said}$", fault)
        for fault, begin in (("reply-endless", rb"(\* X-AND-SO-ON\r\n)+"),
                             ("line-endless", rb"\* OK (abcdefghijklmnop)+")):
            c = self.fault(fault, "imap")
            c.say("CAPABILITY")
            data = b""
            while len(data) < 300000:
                data += c.read()
            self.assertRegex(data, b"^" + begin)
        c = self.fault("reset", "imap")
        c.say("CAPABILITY")
        with self.assertRaises(ConnectionResetError):
            c.read()
        for fault in ("silent:capability", "silent:literal"):
            c = self.fault(fault, "imap")
            c.say("CAPABILITY" if "capa" in fault else "LOGIN {3}")
            self.assertTrue(c.quiet())

    def test_line_ends_in_literals_stay(self):
        c = self.inside("lf-only")
        c.say("UID FETCH 2 (BODY.PEEK[] UID)")
        answer = c.line() + c.exactly(2048) + c.line() + c.line()
        self.assertEqual(answer.count(b"\r\n"), answer.count(b"\n") - 3)

    def test_floods(self):
        for fault, line in (("flood-exists", "* 3 EXISTS\r\n"),
                            ("flood-expunge", "* 4 EXISTS\r\n* 4 EXPUNGE\r\n"),
                            ("flood-fetch", "* 3 FETCH (FLAGS (\\Recent))\r\n"),
                            ("flood-recent", "* 2 RECENT\r\n"),
                            ("flood-flags", "* FLAGS (")):
            c = self.fault(fault + ":20000", "imap")
            self.assertNotIn(line, "".join(c.login()))
            for command in ("SELECT INBOX", "UID SEARCH ALL", "NOOP"):
                answer = c.ask(command)
                self.assertGreaterEqual("".join(answer).count(line), 20000, fault)
                self.assertTrue(answer[-1].startswith("OK"))
            self.assertEqual("".join(c.ask("SEARCH ALL")).count("EXPUNGE"), 0)

    def test_times(self):
        for fault, command, least in (("slow:60", "NOOP", 0.06),
                                      ("auth-slow:100", f"LOGIN {USER} {PASSWORD}", 0.1),
                                      ("drip:2", "CAPABILITY", 0.2)):
            c = self.fault(fault, "imap")
            begun = time.monotonic()
            self.assertEqual(c.status(command), "OK")
            self.assertGreater(time.monotonic() - begun, least, fault)
        c = self.inside("drip:1")
        c.segments.clear()
        answer = c.ask("UID FETCH 1 BODY.PEEK[]<0.300>")[0]
        self.assertGreater(len(c.segments), 100)
        self.assertIn("{300}\r\n", answer)
        c = self.inside("one-byte", options=("--messages=1:100000",))
        self.assertIn("{100000}", c.ask("FETCH 1 BODY.PEEK[]")[0])

    def test_tls(self):
        self.assertEqual(self.fault("no-starttls", "imap").status("STARTTLS"), "BAD")
        self.assertEqual(self.fault("starttls-refused", "imap").status("STARTTLS"), "NO")
        c = self.fault("starttls-inject", "imap")
        c.segments.clear()
        c.ask("STARTTLS")
        self.assertRegex(c.segments[0], rb"^a1 OK [^\n]*\r\n\* CAPABILITY IMAP4rev1 AUTH=PLAIN\r\n")
        for protocol in ("imap", "imaps"):
            c = self.fault("tls-bad-record", protocol)
            with self.assertRaisesRegex(OSError, "(?i)bad|decrypt"):
                if protocol == "imap":
                    c.starttls()
                c.secure()
                c.response()
                c.ask("NOOP")
            c = self.fault("cert-expired", protocol)
            with self.assertRaisesRegex(OSError, "has expired"):
                c.starttls(c.box.state) if protocol == "imap" else c.secure(c.box.state)

    def test_proxy(self):
        box = self.start("imap:0,fault=proxy")
        c = self.connect(box.ports[0], ImapClient,
                         first=b"PROXY TCP4 192.0.2.1 127.0.0.1 1024 143\r\n")
        self.assertTrue(c.response().startswith("* OK"))
