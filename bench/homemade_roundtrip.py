# SPDX-License-Identifier: BSD-2-Clause
"""A round trip as people write it: smtplib, then imaplib searching every 20 ms.

Usage: SUBMISSION-PORT IMAPS-PORT CA-PATH NAME USER. The password is in BENCH_PASSWORD.
"""

import imaplib
import os
import smtplib
import ssl
import sys
import time
import uuid

submission, imaps, ca_path, name, user = sys.argv[1:]
password = os.environ["BENCH_PASSWORD"]
context = ssl.create_default_context(capath=ca_path)
token = uuid.uuid4().hex

with smtplib.SMTP(name, int(submission)) as smtp:
    smtp.starttls(context=context)
    smtp.login(user, password)
    smtp.sendmail(user, [user], f"From: {user}\r\nSubject: bench {token}\r\n\r\nx\r\n")

imap = imaplib.IMAP4_SSL(name, int(imaps), ssl_context=context)
imap.login(user, password)
imap.select("INBOX")
for _ in range(500):
    found = imap.uid("SEARCH", "SUBJECT", token)[1][0]
    if found:
        break
    time.sleep(0.02)
else:
    sys.exit("not delivered")
imap.uid("STORE", found.decode(), "+FLAGS.SILENT", r"(\Deleted)")
imap.expunge()
imap.logout()
