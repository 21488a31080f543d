# Nor is a certificate that does not verify.
file  pass
	hunter2secret
address 192.0.2.1
listen 192.0.2.1 110
run   check_mail_pop3 -H 192.0.2.1 -p 110 --tls=opportunistic --ca-file=@CA@ -U probe --password-file=@DIR@/pass
S     +OK mx.test ready
C     CAPA
S     +OK capabilities
S     STLS
S     USER
S     .
C     STLS
S     +OK begin
tls   cert=untrusted
C     CAPA
S     +OK capabilities
S     USER
S     .
C     QUIT
S     +OK bye
exit  3
out   POP3 UNKNOWN - auth: auth_cleartext: *
secret hunter2secret
