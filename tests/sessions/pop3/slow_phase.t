# So has each phase.
file  pass
	hunter2secret
run   check_mail_pop3 -H localhost -p @PORT@ --tls=none -U probe --password-file=@DIR@/pass -w stat=0.2
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
delay 400
S     +OK 2 320
C     QUIT
S     +OK bye
exit  1
out   POP3 WARNING - stat: slow: *
secret hunter2secret
