# Under TLS what nobody asked for may wait in a record of its own.
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
S++   +OK\r\n+OK logged in\r\n
exit  2
out   POP3 CRITICAL - *protocol: *a reply nobody asked for*
secret hunter2secret
