# RETR refused, with a code that tells why.
file  pass
	hunter2secret
run   check_mail_pop3 -H localhost -p @PORT@ --tls=none -U probe --password-file=@DIR@/pass --retr=1
S     +OK mx.test ready
C     CAPA
S     +OK capabilities
S     USER
S     UIDL
S     TOP
S     .
C     USER probe
S     +OK
C     PASS hunter2secret
S     +OK logged in
C     LIST 1
S     +OK 1 26
C     RETR 1
S     -ERR [LOGIN-DELAY] not this one
exit  1
out   POP3 WARNING - retr: tempfail: "-ERR [LOGIN-DELAY] not this one"*
secret hunter2secret
