# A count that would keep us busy beyond the deadline.
file  pass
	hunter2secret
run   check_mail_imap -H localhost -p @PORT@ --tls=none -U probe --password-file=@DIR@/pass -t 3
S     * OK [CAPABILITY IMAP4rev1 SASL-IR AUTH=SCRAM-SHA-256] ready
scram-sha-256 user=probe password=hunter2secret iterations=2000000000
C+    *\r\n
S     a1 BAD cancelled
within 2
exit  2
out   IMAP CRITICAL - auth: protocol: *
