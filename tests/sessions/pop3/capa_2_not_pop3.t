# An answer of another protocol.
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
S     250 OK
exit  2
out   POP3 CRITICAL - capa_2: protocol: *
