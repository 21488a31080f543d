# Courier takes "=" for no initial response at all, and asks: it gets the empty one once more.
run   check_mail_pop3 -H localhost -p @PORT@ --tls=implicit --ca-file=@CA@ --client-cert=@CERT@ --client-key=@KEY@ --auth=EXTERNAL
tls   cert=good request-cert
S     +OK ready
C     CAPA
S     +OK
S     SASL EXTERNAL
S     .
C     AUTH EXTERNAL =
S+    + \r\n
C
S     +OK in
C     STAT
S     +OK 0 0
C     QUIT
S     +OK bye
exit  0
out   POP3 OK - *
