# The server tells in its own way that it is the password.
file  pass
	hunter2secret
run   check_mail_imap -H localhost -p @PORT@ --tls=none -U probe --password-file=@DIR@/pass -o json
S     * OK [CAPABILITY IMAP4rev1 SASL-IR AUTH=SCRAM-SHA-256] ready
scram-sha-256 user=probe password=hunter2secret error=invalid-proof
C     *
S     a1 NO no
exit  2
json  cause=auth_rejected
json  facts.auth_error=invalid-proof
secret hunter2secret
