# A longer word is another word.
run   check_mail_pop3 -H localhost -p @PORT@ --require=USE
S     +OK mx.test ready
C     CAPA
S     +OK capabilities
S     USER
S     UIDL
S     TOP
S     .
C     QUIT
S     +OK bye
exit  2
out   POP3 CRITICAL - capa: capability_missing: *
