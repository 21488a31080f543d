# There is no such message: nothing is deleted.
file  pass
	hunter2secret
run   check_mail_pop3 -H localhost -p @PORT@ --tls=none -U probe --password-file=@DIR@/pass --dele=9
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
C     DELE 9
S     -ERR no such message
C     RSET
S     +OK
C     QUIT
S     +OK bye
exit  2
out   POP3 CRITICAL - dele: message_missing: "-ERR no such message"*
secret hunter2secret
