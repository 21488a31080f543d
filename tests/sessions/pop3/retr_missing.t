# There is no such message.
file  pass
	hunter2secret
run   check_mail_pop3 -H localhost -p @PORT@ --tls=none -U probe --password-file=@DIR@/pass --retr=7
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
C     LIST 7
S     -ERR no such message, only 2 in maildrop
C     RETR 7
S     -ERR no such message
exit  2
out   POP3 CRITICAL - retr: message_missing: "-ERR no such message"*
secret hunter2secret
