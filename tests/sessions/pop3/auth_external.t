# EXTERNAL: the client certificate says who we are.
run   check_mail_pop3 -H localhost -p @PORT@ --tls=implicit --ca-file=@CA@ --client-cert=@CERT@ --client-key=@KEY@ --auth=EXTERNAL -U probe
tls   request-cert
S     +OK mx.test ready
C     CAPA
S     +OK capabilities
S     SASL EXTERNAL
S     .
C     AUTH EXTERNAL {base64 probe}
S     +OK
C     STAT
S     +OK 2 320
C     QUIT
S     +OK bye
exit  0
out   POP3 OK - *AUTH EXTERNAL*
