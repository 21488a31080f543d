# And then the login.
file  pass
	hunter2secret
run   check_mail_pop3 -H localhost -p @PORT@ -U probe --password-file=@DIR@/pass --ca-file=@CA@
S     +OK mx.test ready
C     CAPA
S     +OK capabilities
S     STLS
S     USER
S     .
C     STLS
S     +OK begin
tls
C     CAPA
S     +OK capabilities
S     USER
S     TOP
S     .
C     USER probe
S     +OK
C     PASS hunter2secret
S     +OK logged in
C     STAT
S     +OK 2 320
C     QUIT
S     +OK bye
exit  0
out   POP3 OK - 2 messages in *TLSv1.3, AUTH user*
secret hunter2secret
