# The server stops talking; the deadline ends it, and names the step.
run   check_mail_pop3 -H localhost -p @PORT@ --tls=starttls --ca-file=@CA@ -t 1
S     +OK mx.test ready
C     CAPA
S     +OK capabilities
S     STLS
S     .
C     STLS
silent
within 1.2
exit  2
out   POP3 CRITICAL - starttls: timeout: *
