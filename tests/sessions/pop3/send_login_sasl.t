# The same by AUTH; what answers a challenge is a secret, whatever it looks like.
run   check_mail_pop3 -H localhost -p @PORT@ --tls=none -vv -s "AUTH LOGIN" -s {base64 probe} -s {base64 hunter2secret}
S     +OK mx.test ready
C     CAPA
S     +OK capabilities
S     USER
S     UIDL
S     TOP
S     .
C     AUTH LOGIN
S     + VXNlcm5hbWU6
C     {base64 probe}
S     + UGFzc3dvcmQ6
C     {base64 hunter2secret}
S     -ERR hunter2secret is wrong
C     QUIT
S     +OK bye
exit  0
out   POP3 OK - commands answered in *
secret hunter2secret
