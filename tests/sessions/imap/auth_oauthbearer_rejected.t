# The error comes as a challenge, answered with a single 0x01.
file  token
	ya29.secrettoken
run   check_mail_imap -H localhost -p @PORT@ --tls=none -U probe@mx.test --token-file=@DIR@/token
S     * OK [CAPABILITY IMAP4rev1 SASL-IR AUTH=OAUTHBEARER] ready
C64   a1 AUTHENTICATE OAUTHBEARER n,a=probe@mx.test,*
S     + {base64 {"status":"invalid_token"}
C     {base64 \x01}
S     a1 NO [AUTHENTICATIONFAILED] token expired
exit  2
out   IMAP CRITICAL - auth: auth_rejected: "*token expired"*
secret ya29.secrettoken
