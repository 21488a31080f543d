# says: wanted: APOP probe 
env   PROBE=right
run   check_mail_pop3 -H localhost -p @PORT@ --tls=none -U probe --password-env=PROBE --auth=apop
S     +OK ready <1.2@mx.test>
C     CAPA
S     -ERR what
apop  probe wrong
S     +OK
exit  0
