# Where RSET is refused, QUIT would delete: the connection is closed without it.
file  pass
	hunter2secret
run   check_mail_pop3 -H localhost -p @PORT@ --tls=none -U probe --password-file=@DIR@/pass --dele=1 --dele=9
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
C     DELE 1
S     +OK deleted
C     DELE 9
S     -ERR no
C     RSET
S     -ERR no
eof
exit  2
out   POP3 CRITICAL - dele_2: message_missing: *
secret hunter2secret
