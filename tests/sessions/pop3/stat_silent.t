# The server stops talking; the deadline ends it, and names the step.
file  pass
	hunter2secret
run   check_mail_pop3 -H localhost -p @PORT@ --tls=none -U probe --password-file=@DIR@/pass -t 1
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
C     STAT
silent
within 1.2
exit  2
out   POP3 CRITICAL - stat: timeout: *
secret hunter2secret
