# What is missing before TLS says nothing where TLS fails: the certificate is the matter.
file  pass
	hunter2secret
run   check_mail_pop3 -H localhost -p @PORT@ --tls=starttls --ca-file=@CA@ -U probe --password-file=@DIR@/pass --require=SASL=PLAIN
S     +OK ready
C     CAPA
S     +OK
S     STLS
S     .
C     STLS
S     +OK go
tls   cert=expired
may   QUIT
exit  2
out   POP3 CRITICAL - tls: cert_expired: *
