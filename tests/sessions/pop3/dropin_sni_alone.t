# check_pop --sni on a port of its own, without -S: TLS at once, as there.
run   check_mail_pop3 -H 127.0.0.1 -p @PORT@ --ca-file=@CA@ --sni=localhost
listen 127.0.0.1
tls   cert=good
sni   localhost
S     +OK mx.test ready
C     CAPA
S     -ERR no
C     QUIT
S     +OK
exit  0
out   POP3 OK - *
