# The connection ends in the middle of a reply: what came so far is no reply.
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
S+    +OK
close
exit  2
out   POP3 CRITICAL - uidl: closed: *
secret hunter2secret
