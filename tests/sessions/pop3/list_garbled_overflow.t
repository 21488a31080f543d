# A line of LIST: a size beyond all bounds.
file  pass
	hunter2secret
run   check_mail_pop3 -H localhost -p @PORT@ --tls=none -U probe --password-file=@DIR@/pass --list
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
S     1 18446744073709551615
S     .
exit  2
out   POP3 CRITICAL - list: protocol: *
secret hunter2secret
