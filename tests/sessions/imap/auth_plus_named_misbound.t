# Whoever names the mechanism means it: no second try without binding.
file  pass
	hunter2secret
run   check_mail_imap -H localhost -p @PORT@ --tls=implicit --ca-file=@CA@ -U probe --password-file=@DIR@/pass --auth=SCRAM-SHA-256-PLUS,SCRAM-SHA-256
tls   cert=good version=1.3
S     * OK [CAPABILITY IMAP4rev1 SASL-IR AUTH=SCRAM-SHA-256-PLUS AUTH=SCRAM-SHA-256] ready
C     a1 AUTHENTICATE SCRAM-SHA-256-PLUS *
S     a1 NO bad protocol
C     a2 LOGOUT
S     * BYE bye
S     a2 OK done
exit  2
out   IMAP CRITICAL - auth: auth_rejected: *
