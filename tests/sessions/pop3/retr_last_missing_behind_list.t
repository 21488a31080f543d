# Nor after LIST.
file  pass
	hunter2secret
run   check_mail_pop3 -H localhost -p @PORT@ --tls=none -U probe --password-file=@DIR@/pass --list --retr=last
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
C     LIST
S     +OK
S     .
C     QUIT
S     +OK bye
exit  2
out   POP3 CRITICAL - retr: message_missing: *
secret hunter2secret
