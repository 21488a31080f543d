# What is missing before TLS says nothing where TLS fails: the certificate is the matter.
file  pass
	hunter2secret
run   check_mail_imap -H localhost -p @PORT@ --tls=starttls --ca-file=@CA@ -U probe --password-file=@DIR@/pass --require=AUTH=PLAIN
S     * OK [CAPABILITY IMAP4rev1 STARTTLS LOGINDISABLED] ready
C     a1 STARTTLS
S     a1 OK go
tls   cert=expired
C     a2 LOGOUT
S     * BYE bye
S     a2 OK done
exit  2
out   IMAP CRITICAL - tls: cert_expired: *
