# The connection is reset where a reply is due.
run   check_mail_pop3 -H localhost -p @PORT@ --tls=starttls --ca-file=@CA@
S     +OK mx.test ready
C     CAPA
S     +OK capabilities
S     STLS
S     .
C     STLS
S     +OK begin
tls
C     CAPA
reset
exit  2
out   POP3 CRITICAL - capa_2: closed: *
