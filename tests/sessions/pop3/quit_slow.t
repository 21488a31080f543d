# A slow goodbye is not a slow service.
file  pass
	hunter2secret
run   check_mail_pop3 -H localhost -p @PORT@ --tls=none -U probe --password-file=@DIR@/pass -c 0.3 -o json
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
delay 500
S     +OK bye
exit  0
lasts 0.5
json  state=OK
json  duration_seconds<0.3
secret hunter2secret
