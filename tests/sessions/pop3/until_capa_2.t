# After the second CAPA.
file  pass
	hunter2secret
run   check_mail_pop3 -H localhost -p @PORT@ --until=capa_2 --ca-file=@CA@ -U probe --password-file=@DIR@/pass
S     +OK mx.test ready
C     CAPA
S     +OK capabilities
S     STLS
S     .
C     STLS
S     +OK
tls
C     CAPA
S     +OK capabilities
S     USER
S     UIDL
S     TOP
S     .
C     QUIT
S     +OK bye
exit  0
out   POP3 OK - service ready in *
