# A refusal nobody asked for is one, too.
file  pass
	hunter2secret
run   check_mail_pop3 -H localhost -p @PORT@ --tls=none -U probe --password-file=@DIR@/pass
S     +OK mx.test ready
C     CAPA
S     +OK capabilities
S     USER
S     UIDL
S     TOP
S     .
C     USER probe
S+    +OK\r\n-ERR [SYS/TEMP] shutting down\r\n
exit  2
out   POP3 CRITICAL - *protocol: *shutting down*
secret hunter2secret
