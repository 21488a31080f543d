# Refused, with the reason in the code if there is one.
file  pass
	hunter2secret
run   check_mail_pop3 -H localhost -p @PORT@ --tls=none -U probe --password-file=@DIR@/pass --uidl
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
C     UIDL
S     -ERR [Login-Delay] no
exit  1
out   POP3 WARNING - uidl: tempfail: *
secret hunter2secret
