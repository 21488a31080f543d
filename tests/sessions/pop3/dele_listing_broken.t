# In the midst of a listing nobody can tell what is answered: nothing is said.
file  pass
	hunter2secret
run   check_mail_pop3 -H localhost -p @PORT@ --tls=none -U probe --password-file=@DIR@/pass --dele=1 --list
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
C     LIST
S     +OK
S     what?
S     2 200
S     .
eof
exit  2
out   POP3 CRITICAL - list: protocol: *
secret hunter2secret
