# The end of a list that does not come is waited for until the deadline.
file  pass
	hunter2secret
run   check_mail_pop3 -H localhost -p @PORT@ --tls=none -U probe --password-file=@DIR@/pass --list -t 1
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
S     1 120
silent
within 1.2
exit  2
out   POP3 CRITICAL - list: timeout: *
secret hunter2secret
