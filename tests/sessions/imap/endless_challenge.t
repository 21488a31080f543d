# A challenge without an end.
file  pass
	hunter2secret
run   check_mail_imap -H localhost -p @PORT@ --tls=none -U probe --password-file=@DIR@/pass -t 5 --auth=CRAM-MD5
S     * OK [CAPABILITY IMAP4rev1 AUTH=CRAM-MD5] ready
C     a1 AUTHENTICATE CRAM-MD5
S+    +\x20
endless QUJD
within 3
exit  2
out   IMAP CRITICAL - auth: protocol: *
