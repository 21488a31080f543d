# The error wants an empty answer before the refusal.
file  token
	ya29.secrettoken
run   check_mail_imap -H localhost -p @PORT@ --tls=none -U probe@mx.test --token-file=@DIR@/token -o json
S     * OK [CAPABILITY IMAP4rev1 SASL-IR AUTH=XOAUTH2] ready
C     a1 AUTHENTICATE XOAUTH2 *
S     + {base64 {"status":"401","schemes":"bearer"}
C
S     a1 NO SASL authentication failed
exit  2
json  cause=auth_rejected
json  facts.auth_error=*401*
secret ya29.secrettoken
