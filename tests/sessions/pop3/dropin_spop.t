# check_spop -S: TLS at once.
run   check_mail_pop3 -H localhost -p @PORT@ -S --ca-file=@CA@ -D 30,10 --sni=mx.test -d 1
tls
sni   mx.test
S     +OK mx.test ready
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
