# Success before the signature is no success.
file  pass
	hunter2secret
run   check_mail_imap -H localhost -p @PORT@ --tls=none -U probe --password-file=@DIR@/pass
S     * OK [CAPABILITY IMAP4rev1 SASL-IR AUTH=SCRAM-SHA-256] ready
scram-sha-256 user=probe password=hunter2secret early-success
S     a1 OK welcome
exit  2
out   IMAP CRITICAL - auth: auth_server: *
secret hunter2secret
