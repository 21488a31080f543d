#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""The script that many a postmaster has somewhere: it logs in, opens INBOX or lists the maildrop,
and leaves. `homemade.py imaps|pop3s ADDRESS PORT CA-FOLDER NAME USER`, the password in
BENCH_PASSWORD; what goes wrong is an exception, and an exit status with it."""

import os
import socket
import ssl
import sys


def imaps(name, port, context, user, password):
    import imaplib
    imap = imaplib.IMAP4_SSL(name, port, ssl_context=context, timeout=10)
    imap.login(user, password)
    status, answer = imap.select("INBOX", readonly=True)
    if status != "OK":
        raise imap.error(answer[0].decode())
    imap.logout()
    return int(answer[0])


def pop3s(name, port, context, user, password):
    import poplib
    pop3 = poplib.POP3_SSL(name, port, context=context, timeout=10)
    pop3.user(user)
    pop3.pass_(password)
    _, messages, _ = pop3.list()
    pop3.quit()
    return len(messages)


def main():
    exchange, address, port, ca, name, user = sys.argv[1:]
    resolve = socket.getaddrinfo        # the name is that of the certificate, not of the machine
    socket.getaddrinfo = lambda _, *rest, **more: resolve(address, *rest, **more)
    context = ssl.create_default_context(capath=ca)
    count = {"imaps": imaps, "pop3s": pop3s}[exchange](
        name, int(port), context, user, os.environ["BENCH_PASSWORD"])
    print(f"OK - {count} messages")


main()
