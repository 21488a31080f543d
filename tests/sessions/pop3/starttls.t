# STLS as it should be, and CAPA again after it.
run   check_mail_pop3 -H localhost -p @PORT@ --tls=starttls --ca-file=@CA@ -o json
S     +OK mx.test ready
C     CAPA
S     +OK capabilities
S     STLS
S     USER
S     .
C     STLS
S     +OK begin
tls
sni   localhost
C     CAPA
S     +OK capabilities
S     USER
S     TOP
S     .
C     QUIT
S     +OK bye
exit  0
json  facts.tls_version=TLSv1.3
json  phases[*].name=starttls
json  phases[*].name=tls
json  phases[*].name=capa_2
json  facts.capabilities[0]=USER
json  facts.capabilities[*]=TOP
