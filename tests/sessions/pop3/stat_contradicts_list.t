# The same the other way round.
file  pass
	hunter2secret
run   check_mail_pop3 -H localhost -p @PORT@ --tls=none -U probe --password-file=@DIR@/pass --list --stat
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
S     +OK 2 messages
S     1 120
S     2 200
S     .
C     STAT
S     +OK 3 320
exit  2
out   POP3 CRITICAL - stat: protocol: *
secret hunter2secret
