# A list without an entry.
run   check_mail_pop3 -H localhost -p @PORT@ --require=USER
S     +OK mx.test ready
C     CAPA
S     +OK
S     .
C     QUIT
S     +OK bye
exit  2
out   POP3 CRITICAL - capa: capability_missing: *USER is not advertised*
