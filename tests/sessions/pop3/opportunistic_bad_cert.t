# A bad certificate is a fact there, no verdict.
run   check_mail_pop3 -H localhost -p @PORT@ --tls=opportunistic --ca-file=@CA@ -o json
S     +OK mx.test ready
C     CAPA
S     +OK capabilities
S     STLS
S     USER
S     .
C     STLS
S     +OK begin
tls   cert=untrusted-expired
C     CAPA
S     +OK capabilities
S     USER
S     .
C     QUIT
S     +OK bye
exit  0
json  facts.cert_error=*
