# A parameter that is not.
run   check_mail_pop3 -H localhost -p @PORT@ --require=SASL=SCRAM-SHA-256
S     +OK mx.test ready
C     CAPA
S     +OK capabilities
S     SASL PLAIN
S     .
C     QUIT
S     +OK bye
exit  2
out   POP3 CRITICAL - capa: capability_missing: *
