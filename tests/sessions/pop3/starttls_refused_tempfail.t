# Whatever the code.
run   check_mail_pop3 -H localhost -p @PORT@ --tls=starttls --ca-file=@CA@
S     +OK mx.test ready
C     CAPA
S     +OK capabilities
S     STLS
S     .
C     STLS
S     -ERR [SYS/TEMP] not now
C     QUIT
S     +OK bye
exit  2
out   POP3 CRITICAL - starttls: starttls_refused: *
