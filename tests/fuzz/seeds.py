# SPDX-License-Identifier: BSD-2-Clause
"""Inputs to begin with, made from the session scripts: what their servers say, and how they are run."""

import hmac
import os
import re
import shlex

# Options of a script's command line, and the letter that the fuzzer of that protocol's sessions has for them.
SHARED = {
    "-U": "a", "--user": "a", "--tls=starttls": "t", "-D": "t", "--tls=opportunistic": "o", "--auth=PLAIN": "P",
    "--auth=LOGIN": "L", "--auth=CRAM-MD5": "C", "--auth=SCRAM-SHA-256": "S", "--require": "r", "--forbid": "n",
    "--expect": "x", "-e": "x", "--proxy-protocol=1": "1",
}
LETTERS = {
    "smtp": {
        **SHARED, "--rcpt": "r", "--send": "s", "--pipelining": "p", "--lmtp": "l", "-L": "l", "-f": "f", "--from": "f",
        "--deny-rcpt": "d", "--command": "c", "-C": "c", "--expect": "e", "-e": "e", "--require": "q", "--until": "u",
        "-S": "t", "--proxy-protocol=1": "x",
    },
    "imap": {
        **SHARED, "--auth=login": "g", "--list": "l", "--examine": "e", "--select": "s", "--status": "u", "--sizes": "z",
        "--search": "h", "--fetch=last": "f", "--fetch": "F", "--cycle": "y", "--append": "A", "--idle": "i",
        "--quota": "q", "-s": "c", "--send": "c", "-q": "Q", "--quit": "Q", "-j": "j", "--until=select": "v",
        "--until=append": "V", "--until=rename": "w", "--until=capability": "W",
    },
    "pop3": {
        **SHARED, "--auth=user": "g", "--auth=apop": "O", "--stat": "s", "--list": "l", "--uidl": "u", "--retr=last": "f",
        "--retr": "F", "--dele=3": "M", "--dele": "m", "-s": "c", "--send": "c", "-q": "Q", "--quit": "Q", "-j": "j",
        "--until=stat": "v", "--until=dele": "V", "--until=retr": "w", "--until=capa": "W",
    },
}
# What the player says by itself where a script has this.
UNSAID = {
    "literal": b"+ go ahead\r\n", "cram-md5": b"+ PDE+\r\n", "scram-sha-256": b"+ cj1meWs=\r\n",
    "scram-sha-1": b"+ cj1meWs=\r\n",
}

RANGES = ["10", "10:", "~:10", "10:20", "@10:20", "@~:5", "time=1", "auth=0.5:2", "ehlo_2=1e3", ":", "5:1", "1.5:"]

RESPONSES = [
    '* OK [CAPABILITY IMAP4rev1 SASL-IR AUTH=PLAIN] ready\r\na1 OK [READ-ONLY] done\r\na2 NO [NONEXISTENT] no\r\n',
    '* LIST (\\Noselect) "." "a\\\\b"\r\n* LIST () NIL {5}\r\nINBOX ("CHILDINFO" ("SUBSCRIBED"))\r\n',
    '* STATUS {5}\r\nINBOX (MESSAGES 3 UNSEEN 1 RECENT 0 UIDNEXT 4 UIDVALIDITY 1 SIZE 9 MAILBOXID (F2))\r\n',
    '* SEARCH 2 84 882 (MODSEQ 9)\r\n* ESEARCH (TAG "a3") UID COUNT 5 ALL 1:3,7\r\n* 5 EXISTS\r\n* 1 EXPUNGE\r\n',
    '* 1 FETCH (UID 7 RFC822.SIZE 5 INTERNALDATE "17-Jul-1996 02:44:25 -0700" BODY[] {5}\r\nhe\r\n) FLAGS (\\Seen))\r\n',
    '* 2 FETCH (BODY[HEADER.FIELDS ("A" {1}\r\nB)]<0> ~{2}\r\n"( X (("a" NIL)("b" 5)) BODY[] NIL)\r\n',
    '* NAMESPACE (("INBOX." "." "X" ({1}\r\n()))) NIL (("#shared." "."))\r\n+ cj1meWs=\r\n',
    '* QUOTAROOT INBOX "User quota"\r\n* QUOTA "User quota" (STORAGE 10 512 MESSAGE 3 100)\r\n* FLAGS (\\Seen)\r\n',
    '* ID ("name" "x" "note" {3}\r\n"(\n)\r\n* 5 VANISHED\r\n* BYE [UNAVAILABLE] later\r\n',
    ' 7-Feb-1994 22:43:04 +0000', '1 22 333 (MODSEQ 4)',
]

NAMES = ["INBOX", "Entw&APw-rfe", "&-", "~peter/mail/&U,BTFw-/&ZeVnLIqe-", "&2D3c5w-", "&AOQ--&AOQ-",
         "Entw\u00fcrfe & Co", "\U0001f4e7\t\u00e4", "&AOR-"]

TEN = "; Tue, 3 Mar 2026 10:00:00 +0000 (UTC)\r\n"
HOPS = [
    "from a.test (a.test [192.0.2.1])\r\n\t(using TLSv1.3 with cipher X (256/256 bits))\r\n\tby b.test (Postfix) with ESMTPS id 1",
    "from b.test ([127.0.0.1]) by c.test with LMTP id 2 (envelope-from <p@a.test>)\r\n for <u@b.test>",
    "from a.test by b.test with esmtps (TLS1.3) tls X (Exim 4.96)", "(qmail 1 invoked by uid 89)",
    "from a.test by b.test (8.17.1/8.17.1) with ESMTPS id 1 (version=TLSv1.3 cipher=X bits=256 verify=NO)",
    "from a.test by b.test with Microsoft SMTP Server (version=TLS1_2,\r\n cipher=X) id 15.20.1.2",
    "from a.test (AUTH: PLAIN u, TLS: TLSv1.3,256bits,X) by b.test with ESMTPSA",
    "from a.test by b.test (OpenSMTPD) with ESMTPS id 1 (TLSv1.3:X:256:NO)",
]
RESULTS = [
    "b.test; spf=pass smtp.mailfrom=a.test; dkim=fail (x) header.d=a.test; dkim=pass; dmarc=none",
    "spf=pass (sender IP is 192.0.2.1)\r\n smtp.mailfrom=a.test;dkim=pass;compauth=pass reason=100",
    "\"b.test\" 1; dkim/1 = fail reason=\"x;y\"",
]
NOTICE = (
    'In-Reply-To: <2@a.test>\r\nContent-Type: multipart/report; report-type=delivery-status; boundary="b"\r\n\r\n'
    "--b\r\n\r\nnot delivered\r\n--b\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; b.test\r\n\r\n"
    "Final-Recipient: rfc822; u@b.test\r\nAction: failed\r\nStatus: 5.1.1\r\nDiagnostic-Code: smtp; 550 5.1.1 no\r\n"
    "--b\r\nContent-Type: text/rfc822-headers\r\n\r\nMessage-ID: <1@a.test>\r\n\r\n--b--\r\n")
ARRIVED = [NOTICE, NOTICE.replace("\r\n", "\n")] + [f"Received: {hop}{TEN}\r\nbody" for hop in HOPS] + [
    f"Received: {HOPS[1]}{TEN}Authentication-Results: {result}\r\nReceived: {HOPS[0]}{TEN}\r\nbody" for result in RESULTS]

INI = [
    "[probe]\nport=587\nt = 5\n# a comment\nverbose\n\n[other]\nhost=b\n[probe]\nuser=x=y\n",
    "; nothing\n[ probe ]\n password = a;b#c \n", "[probe\nx=1\n", "x=1\n[probe]\n", "[probe]\n=\n-x=1\n",
]

SPANS = ["10s", "500ms", "1m30s", "1h", "2w3d", "1y", "0.5", "90", "1.5h30m", "10y", "1s1m", "1..5s", ".5", "5x"]

MAIL_URLS = ["submission://joe%40b.test@mx.test:587", "imaps://joe@b.test@[2001:db8::1]:993/Archive/2026",
             "lmtp://mx.test", "smtp://joe:hunter2@mx.test", "pop3s://mx.test/", "imap://mx.test/a%C3%BC%", "submissions://:0",
             "smtps://[::1]x"]

# A key of one byte, and a value. The first is signed with it.
TOKENS = [
    "k<mp1-0000000000000001-2-3-4-0000000000000005-SIGNED@b.test>", "k mp1-1-1-1-1-1-0123456789abcdef0123456789abcdef",
    "kmp1-", "kmp1------", "\0\x01\x02body\r\n\r\n", "",
]


def signed(text):
    """With the signature in the place of the word."""
    start = text.find("mp1-")
    numbers = text[start:text.find("-SIGNED")].encode()
    signature = hmac.digest(text[:1].encode(), numbers, "sha256")[:16].hex()
    return text.replace("SIGNED", signature).encode("latin-1")


TARGETS = ["mail.example.org", "mail.example.org:587", "[2001:db8::1]:25", "2001:db8::1", "[::1]", "[fe80::1%lo]:25",
           "192.0.2.1:0", "192.0.2.1:65536", "m\u00e4il.example:025", "[::1]x:25", ":25", "host:", "::ffff:127.0.0.1"]

# A name that is asked for, an address it has, allowed_targets.
ALLOWED = [
    "mail.example.org\n192.0.2.1\n*.example.org\nmx.example.net\n192.0.2.0/24\n2001:db8::/33",
    "localhost\n127.0.0.1\n*", "a.localhost.\n::1\n*.localhost", "rebound.test\n::ffff:169.254.1.1\n*",
    "::ffff:192.0.2.7\n::ffff:192.0.2.7\n192.0.2.0/24", "any\n::127.0.0.1\n0.0.0.0/0\n::/0",
    "any\n192.0.2.1\n::ffff:192.0.2.0/24\n192.0.2.1/24", "fe80::1%lo\nfe80::1\nfe80::/10\nff00::/8",
]

# What contrib/mailprobe.yml does not have: all of it in few lines, and the other ways to write YAML.
CONFIGS = [
    "modules:\n  a: &a {probe: smtp, timeout: 5s, allowed_targets: [], auth: {user: u, password_file: pass}}\n"
    "  b: *a\ntargets:\n- {name: x, target: '[::1]:25', module: a, interval: 5}\n- {target: h, module: b}\n",
    "modules: {t: {probe: imap, tls: {mode: starttls, ca_file: cert.pem, client_cert: cert.pem, client_key: key.pem},\n"
    " allowed_targets: [192.0.2.0/24, '*.example.org'],\n"
    " imap: {steps: [list, {examine: INBOX}, {search: ALL}, sizes]},\n"
    " thresholds: {time: {warning: 1, critical: '@1:2'}}}}\nmetrics: {buckets: [10ms, 0.1, 1m]}\n",
    "modules:\n  ? p\n  : probe: pop3\n    pop3: {steps: [stat, {retr: last}, {dele: 3}]}\n    timeout: 3s:warning\n",
    "--- !!map\nhistory: 10\nhistory: ~\nlimits: {probes: 0, queue: 1, host_concurrency: 0, host_rate: 0}\n...\n",
    "a: &a [x, x, x]\nb: &b [*a, *a, *a]\nc: [*b, *b, *b]\n",
    "%YAML 1.1\n---\n\"t\\x00\": |+\n  x\n---\n", "", "targets: []\n",
]

TLS = "tls_server_config:\n  cert_file: cert.pem\n  key_file: key.pem\n"
HASH = "$2y$04$abcdefghijklmnopqrstuuLK4yYxcGJwQr33yKnQTmKjI1WQSUD2K"
WEBS = [
    TLS,
    TLS + "  client_ca_file: cert.pem\n  client_auth_type: RequireAndVerifyClientCert\n  client_allowed_sans: [a]\n",
    TLS + "  min_version: TLS10\n  max_version: TLS13\n  cipher_suites: [TLS_AES_128_GCM_SHA256]\n",
    TLS + "  prefer_server_cipher_suites: no\n  curve_preferences: [X25519, CurveP256]\n"
    "  cipher_suites:\n  - TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256\n  - TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA\n",
    "tls_server_config:\n  cert: |\n    -----BEGIN CERTIFICATE-----\n    MAA=\n    -----END CERTIFICATE-----\n"
    "  key: '-----BEGIN PRIVATE KEY-----'\n",
    f"basic_auth_users: {{a: {HASH}, 'c d': '{HASH.replace('04', '15')}'}}\nrate_limit: {{interval: 1s, burst: 9}}\n",
    "http_server_config: {http2: off, headers: {X-Frame-Options: deny, X-XSS-Protection: ,\n"
    " X-Content-Type-Options: nosniff, Content-Security-Policy: \"default-src 'self'\", Strict-Transport-Security: max-age=1}}\n",
]

# The type that is asked for, then the message; C0 0C is the name in the question.
DNS = [bytes.fromhex("%02x 1234 8180 0001 %04x 0000 0000 0161 0474657374 00 %04x 0001" % (kind, answers.count("/") + 1, kind)
                     + "".join(answer.replace("TTL", "0001 0000012c") for answer in answers.split("/")))
       for kind, answers in (
           (1, "c00c 0001 TTL 0004 7f000001"), (1, "c00c 0005 TTL 0004 0162c00e / 0162c00e 0001 TTL 0004 7f000001"),
           (5, "c00c 0005 TTL 0002 c00e"), (6, "c00c 0006 TTL 0018 c00cc00e" + "00000001" * 5), (12, "c00c 000c TTL 0002 c00e"),
           (15, "c00c 000f TTL 0007 000a026d78c00c / c00c 000f 00010000012c 0003 000000"),
           (16, "c00c 0010 TTL 0004 02616200"), (33, "c00c 0021 TTL 0008 000100020019c00c"),
           (52, "c00c 0034 TTL 0004 03010101"))]
# Of a domain; a line is a record, in SPF's that of the name before the blank if it does not begin with "v=".
RSA = ("MIGfMA0GCSqGSIb3DQEBAQUAA4GNADCBiQKBgQC/vRlKZOoV+VmreXSYyS9j50LJUiqJ7/FvKVb2BCUQ4n12BkTp7ltXQffQGTAD"
       "WSvsJej2ZBsTe/vdZ3vy/0riud+unpzYZyXL1EWiqI9WbESzyIi7ZJBnjQk5jVWDy3kur2zD6dMgAu0hcNIjhu8ihpXkHErRqWiP"
       "fuhdF/vHBwIDAQAB")
# A key on P-256 that nobody has the other half of: the curve's own point.
KEY = bytes.fromhex("3059301306072a8648ce3d020106082a8648ce3d030107034200046b17d1f2e12c4247f8bce6e563a440f277037d812deb33a0f4a13945"
                    "d898c2964fe342e2fe1a7f9b8ee7eb4a7c0f9e162bce33576b315ececbb6406837bf51f5").decode("latin-1")
RECORDS = {
    "dane": [
        "\x23\x03\x01\x01" + "x" * 32, "\x43\x03\x01\x02" + "x" * 64 + "\x23\x03\x01\x01" + "x" * 32,
        "\x5e\x03\x01\x00" + KEY, "\x5e\x02\x01\x00" + KEY + "\x23\x01\x00\x01" + "x" * 32, "\x03\x03\x01\x01\x00\x02\x03\x01",
    ],
    "spf": [
        "v=spf1 include:a.test ~all\na.test v=spf1 mx a:x.test/24//64 ptr exists:%{ir}.%{d2} ip4:192.0.2.0/24 -all",
        "v=spf1 redirect=_spf.%{d}\n_spf.d.test v=spf1 ip6:2001:db8::/32 include:b.test ?all\nb.test v=spf1 +all",
        "v=spf1 include:a.test -all\na.test v=spf1 include:b.test\nb.test v=spf1 redirect=a.test",
        "v=spf1 a mx a mx a mx a mx a mx a exp=e.%{o2r-} foo=bar -all", "v=spf1\nv=spf1",
        "v=spf1 include:a.test include:a.test include:a.test -all\na.test v=spf1 include:b.test include:b.test -all\n"
        "b.test v=spf1 a mx a mx -all", "v=spf1 include:fail.test", "v=spf1 a:%{d}%{d}%{o1r.}%%%_%-.test -all",
    ],
    "dkim_record": [
        f"v=DKIM1; k=rsa; h=sha256; s=email; t=y:s; p={RSA}", f"v = DKIM1 ;\tp={RSA[:40]} {RSA[40:]} ; n=x",
        "v=DKIM1; k=ed25519; p=11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=", "v=DKIM1; p=", "p=AAAA\np=BBBB",
    ],
    "dmarc": [
        "v=DMARC1; p=reject; sp=quarantine; np=none; adkim=s; aspf=r; pct=50; fo=1; rua=mailto:a@b.test!10m",
        "v = DMARC1 ; p=none; rua=mailto:a@b.test, https://b.test/x?y; ruf=mailto:a%2Cb@c.test;", "v=DMARC1; rua=mailto:a@b.c",
        "v=DMARC1; p=none\nv=DMARC1; p=none", "a.b.c.d.e.f.g.h.example.org\nb.example.org",
    ],
    "mta_sts": [
        "version: STSv1\nmode: enforce\nmx: mail.a.test\nmx: *.b.test\nmax_age: 604800\n",
        "version: STSv1\r\nmode: testing\r\nmx: a.test\r\nmax_age: 86400\r\nx: y\r\n",
        "version: STSv1\nmode: none\nmax_age: 0\n", "v=STSv1; id=20260101T000000;", "v=STSv1; id=1\nv=STSv1; id=2",
    ],
    "tls_rpt": [
        "v=TLSRPTv1; rua=mailto:a@b.test , https://b.test/v1/x;", "x\nv=TLSRPTv1;rua=mailto:a@b.test?subject=x;y=z",
        "v=TLSRPTv1; rua=mailto:a@b.test\nv=TLSRPTv1; rua=mailto:a@b.test",
    ],
    "dns_text": [
        "\x03abc\x00\x02de", "\x02mx\x07example\x03org\x00", "\x00\x0a\x02mx\x07exam.le\x03o\\g\x00", "\x00\x00\x00", "\x03\x01\x01" + "x" * 32,
        ("\x3f" + "a" * 63) * 3 + "\x3d" + "b" * 61 + "\x00",
    ],
}


def unescape(text):
    text = text.encode("latin-1", "replace")
    text = re.sub(rb"\\x([0-9a-fA-F]{2})", lambda m: bytes([int(m[1], 16)]), text)
    for escape, byte in (b"\\r", b"\r"), (b"\\n", b"\n"), (b"\\t", b"\t"), (b"\\0", b"\0"):
        text = text.replace(escape, byte)
    return text


def base64_in_place(text):
    import base64
    return re.sub(rb"\{base64 ([^}]*)\}", lambda m: base64.b64encode(m[1]), text)


class Session:
    def __init__(self, path):
        self.words, self.says = [], b""
        self.protocol = os.path.basename(os.path.dirname(path))
        with open(path, encoding="latin-1") as f:
            for line in f:
                directive, _, rest = line.rstrip("\n").partition(" ")
                self.take(directive, rest.lstrip(" ").replace("@TAG@", "a1"))

    def take(self, directive, rest):
        if directive == "run":
            self.words = shlex.split(rest)[1:]
        elif directive == "S":
            self.says += base64_in_place(rest.encode("latin-1")) + b"\r\n"
        elif directive == "S+":
            self.says += base64_in_place(unescape(rest))
        elif directive in UNSAID and not (directive == "literal" and b"LITERAL+" in self.says):
            self.says += UNSAID[directive] if self.protocol != "smtp" else b"334" + UNSAID[directive][1:]

    def letters(self):
        letters = LETTERS[self.protocol]
        found = [letters.get(w) or letters.get(w.partition("=")[0]) or "" for w in self.words]
        # The login has --tls=none, behind which another may be named.
        return "".join(sorted(found, key=lambda letter: letter != "a")).encode()


def write(folder, inputs):
    os.makedirs(folder, exist_ok=True)
    for i, text in enumerate(sorted(set(inputs))):
        with open(os.path.join(folder, f"seed-{i:04}"), "wb") as f:
            f.write(text)


def scripts_of(folder):
    """The scripts of a protocol; none where it has none yet."""
    names = sorted(os.listdir(folder)) if os.path.isdir(folder) else []
    return [Session(os.path.join(folder, name)) for name in names if name.endswith(".t")]


def short(scripts):
    return [s for s in scripts if s.says and len(s.says) < 4096]


def make(sessions, folder):
    """Fills FOLDER/NAME for each fuzzer that has no committed corpus."""
    scripts = scripts_of(f"{sessions}/smtp")
    said = short(scripts)
    write(f"{folder}/smtp_reply", [s.says for s in said])
    write(f"{folder}/pop3_reply", [s.says for s in short(scripts_of(f"{sessions}/pop3"))])
    write(f"{folder}/imap_response",
          [r.encode() for r in RESPONSES] + [s.says for s in short(scripts_of(f"{sessions}/imap"))])
    write(f"{folder}/imap_name", [n.encode() for n in NAMES])
    for protocol in LETTERS:
        write(f"{folder}/{protocol}_session",
              [s.letters() + b"\n" + s.says for s in short(scripts_of(f"{sessions}/{protocol}"))])
    write(f"{folder}/opts",
          ["\n".join([s.protocol] * (s.protocol != "smtp") + s.words).replace("@PORT@", "25").encode()
           for protocol in LETTERS for s in scripts_of(f"{sessions}/{protocol}")])
    write(f"{folder}/dns_message", DNS)
    write(f"{folder}/arrived", [m.encode() for m in ARRIVED])
    for name, texts in RECORDS.items():
        write(f"{folder}/{name}", [text.encode("latin-1") for text in texts])
    write(f"{folder}/range", [r.encode() for r in RANGES])
    for name, texts in (("span", SPANS), ("target", TARGETS), ("allowed", ALLOWED), ("web", WEBS),
                        ("mail_url", MAIL_URLS)):
        write(f"{folder}/{name}", [text.encode() for text in texts])
    write(f"{folder}/token", [signed(text) for text in TOKENS])
    with open("contrib/mailprobe.yml", "rb") as f:
        example = re.sub(rb" *#.*", b"", f.read()).replace(b"probe.pass", b"pass")
    write(f"{folder}/config", [example] + [text.encode() for text in CONFIGS])
    write(f"{folder}/extra_opts", [i.encode() for i in INI])
    write(f"{folder}/render", [bytes([5, 1, 9, 0, 1, 3, 200, 0, 1, 2, 7, 1, 1, 40]) + s.says for s in said[::8]])
