# The goodbye is waited for at most one second, and is in no measured time.
file  pass
	hunter2secret
run   check_mail_pop3 -H localhost -p @PORT@ --tls=none -U probe --password-file=@DIR@/pass -o json
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
C     STAT
S     +OK 2 320
C     QUIT
silent
within 1.5
exit  0
json  state=OK
json  duration_seconds<0.9
secret hunter2secret
