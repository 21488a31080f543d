# The same with a refusal.
run   check_mail_pop3 -H localhost -p @PORT@ --tls=opportunistic --ca-file=@CA@ -o json
S     +OK mx.test ready
C     CAPA
S     +OK capabilities
S     STLS
S     .
C     STLS
S     -ERR no
C     QUIT
S     +OK bye
exit  0
json  facts.starttls_error=-ERR no
