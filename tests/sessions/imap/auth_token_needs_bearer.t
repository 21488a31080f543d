# A token opens no LOGIN.
file  token
	ya29.secrettoken
run   check_mail_imap -H localhost -p @PORT@ --tls=none -U probe@mx.test --token-file=@DIR@/token
S     * OK [CAPABILITY IMAP4rev1 SASL-IR AUTH=PLAIN] ready
C     a1 LOGOUT
S     * BYE bye
S     a1 OK done
exit  2
out   IMAP CRITICAL - auth: auth_unavailable: *
secret ya29.secrettoken
