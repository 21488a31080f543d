# The server stops talking; the deadline ends it, and names the step.
file  pass
	hunter2secret
run   check_mail_imap -H localhost -p @PORT@ --tls=none -U probe --password-file=@DIR@/pass -t 1
S     * OK [CAPABILITY IMAP4rev1 SASL-IR AUTH=PLAIN] ready
C     a1 AUTHENTICATE PLAIN *
silent
within 1.2
exit  2
out   IMAP CRITICAL - auth: timeout: *
