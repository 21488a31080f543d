# PLAIN with its initial response (RFC 5034).
file  pass
	hunter2secret
run   check_mail_pop3 -H localhost -p @PORT@ --tls=none -U probe --password-file=@DIR@/pass
S     +OK mx.test ready
C     CAPA
S     +OK capabilities
S     SASL PLAIN
S     USER
S     .
C     AUTH PLAIN {base64 \0probe\0hunter2secret}
S     +OK welcome
C     STAT
S     +OK 2 320
C     QUIT
S     +OK bye
exit  0
out   POP3 OK - 2 messages in *
out+  *AUTH PLAIN*
secret hunter2secret
