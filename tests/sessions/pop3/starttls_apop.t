# The timestamp of the greeting serves within TLS.
file  pass
	hunter2secret
run   check_mail_pop3 -H localhost -p @PORT@ --tls=starttls --ca-file=@CA@ -U probe --password-file=@DIR@/pass
S     +OK mx.test <1.2@mx.test>
C     CAPA
S     +OK capabilities
S     STLS
S     USER
S     .
C     STLS
S     +OK
tls
C     CAPA
S     +OK capabilities
S     USER
S     .
apop  probe hunter2secret
S     +OK
C     STAT
S     +OK 2 320
C     QUIT
S     +OK bye
exit  0
out   POP3 OK - 2 messages in *AUTH apop*
secret hunter2secret
