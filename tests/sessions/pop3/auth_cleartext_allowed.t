# Unless it was allowed.
file  pass
	hunter2secret
address 192.0.2.1
listen 192.0.2.1 110
skip  tls: there nothing is in clear
run   check_mail_pop3 -H 192.0.2.1 -p 110 --tls=none -U probe --password-file=@DIR@/pass --allow-cleartext-auth
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
S     +OK 2 320
C     QUIT
S     +OK bye
exit  0
out   POP3 OK - 2 messages in *
secret hunter2secret
