# STLS, and a certificate that ends soon.
run   check_mail_pop3 -H localhost -p @PORT@ --tls=starttls -D 60,10 --ca-file=@CA@
S     +OK mx.test ready
C     CAPA
S     +OK capabilities
S     STLS
S     USER
S     .
C     STLS
S     +OK begin
tls   cert=expiring:30
C     CAPA
S     +OK capabilities
S     USER
S     .
C     QUIT
S     +OK bye
exit  1
out   POP3 WARNING - tls: cert_expiring: *
