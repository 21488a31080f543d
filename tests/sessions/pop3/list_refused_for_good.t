# Refused, with the reason in the code if there is one.
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
S     -ERR [SYS/PERM] no
exit  2
out   POP3 CRITICAL - list: rejected: *
secret hunter2secret
