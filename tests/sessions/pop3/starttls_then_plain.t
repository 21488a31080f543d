# A server that consents and goes on in clear.
run   check_mail_pop3 -H localhost -p @PORT@ --tls=starttls --ca-file=@CA@
S     +OK mx.test ready
C     CAPA
S     +OK capabilities
S     STLS
S     .
C     STLS
S     +OK
client-hello
S     -ERR unknown command
close
exit  2
out   POP3 CRITICAL - tls: tls_error: *
