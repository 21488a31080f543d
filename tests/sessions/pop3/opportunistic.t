# TLS where it can be had.
file  pass
	hunter2secret
run   check_mail_pop3 -H localhost -p @PORT@ --tls=opportunistic --ca-file=@CA@ -U probe --password-file=@DIR@/pass
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
out   POP3 OK - 2 messages in *TLSv1.3*
secret hunter2secret
