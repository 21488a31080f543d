# A certificate that does not verify: no password follows.
file  pass
	hunter2secret
run   check_mail_pop3 -H localhost -p @PORT@ --tls=starttls --ca-file=@CA@ -U probe --password-file=@DIR@/pass
S     +OK mx.test ready
C     CAPA
S     +OK capabilities
S     STLS
S     USER
S     .
C     STLS
S     +OK begin
tls   cert=not-yet
exit  2
out   POP3 CRITICAL - tls: cert_not_yet_valid: *
secret hunter2secret
