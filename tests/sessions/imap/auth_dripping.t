# A byte now and then recharges no deadline.
file  pass
	hunter2secret
run   check_mail_imap -H localhost -p @PORT@ --tls=none -U probe --password-file=@DIR@/pass -t 1
S     * OK [CAPABILITY IMAP4rev1 SASL-IR AUTH=PLAIN] ready
C     a1 AUTHENTICATE PLAIN *
drip  100
S     * OK this answer takes a byte each tenth of a second to arrive
silent
within 1.2
exit  2
out   IMAP CRITICAL - auth: timeout: *
