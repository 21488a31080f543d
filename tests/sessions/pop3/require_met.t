# Capabilities that are there, in any letter case, by parameter too.
run   check_mail_pop3 -H localhost -p @PORT@ --require=top,SASL=PLAIN --require="SASL LOGIN"
S     +OK mx.test ready
C     CAPA
S     +OK capabilities
S     TOP
S     SASL PLAIN LOGIN
S     .
C     QUIT
S     +OK bye
exit  0
out   POP3 OK - service ready in *
