# And in one line.
run   check_mail_pop3 -H localhost -p @PORT@ --tls=none -vv -s "AUTH PLAIN {base64 \0probe\0hunter2secret}"
S     +OK mx.test ready
C     CAPA
S     +OK capabilities
S     USER
S     UIDL
S     TOP
S     .
C     AUTH PLAIN {base64 \0probe\0hunter2secret}
S     -ERR hunter2secret is wrong
C     QUIT
S     +OK bye
exit  0
out   POP3 OK - commands answered in *
secret hunter2secret
