# An answer to somebody else.
file  pass
	hunter2secret
run   check_mail_imap -H localhost -p @PORT@ --tls=none -U probe --password-file=@DIR@/pass
S     * OK [CAPABILITY IMAP4rev1 SASL-IR AUTH=SCRAM-SHA-256] ready
scram-sha-256 user=probe password=hunter2secret nonce=bad
C+    *\r\n
S     a1 BAD cancelled
exit  2
out   IMAP CRITICAL - auth: auth_server: *
