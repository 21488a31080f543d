# A code elsewhere in the text is no code.
file  pass
	hunter2secret
run   check_mail_imap -H localhost -p @PORT@ --tls=none -U probe --password-file=@DIR@/pass
S     * OK [CAPABILITY IMAP4rev1 SASL-IR AUTH=PLAIN] ready
C     a1 AUTHENTICATE PLAIN *
S     a1 NO sorry [UNAVAILABLE] this is text
exit  2
out   IMAP CRITICAL - auth: auth_rejected: *
