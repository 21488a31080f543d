# Where it cannot, it goes on in clear, and says so.
run   check_mail_pop3 -H localhost -p @PORT@ --tls=opportunistic --ca-file=@CA@ -o json
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
json  facts.starttls_error=not offered
