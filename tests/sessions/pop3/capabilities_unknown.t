# Unknown capabilities, with what parameters ever; a line of nothing; a line with its dot doubled.
run   check_mail_pop3 -H localhost -p @PORT@ -o json
S     +OK mx.test ready
C     CAPA
S     +OK
S     X-SESAME 1=2;3
S
S     ..ODD
S     LOGIN-DELAY 900
S     EXPIRE NEVER
S     .
C     QUIT
S     +OK bye
exit  0
json  facts.capabilities[0]=X-SESAME 1=2;3
json  facts.capabilities[2]=.ODD
json  facts.capabilities[*]=LOGIN-DELAY 900
