# A server that knows no CAPA offers no STLS.
run   check_mail_pop3 -H localhost -p @PORT@ --tls=starttls --ca-file=@CA@
S     +OK mx.test ready
C     CAPA
S     -ERR what
C     QUIT
S     +OK bye
exit  2
out   POP3 CRITICAL - starttls: starttls_missing: *
