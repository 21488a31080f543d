# STARTTLS as it should be, and EHLO again after it.
run   check_mail_smtp -H localhost -p @PORT@ --tls=starttls --ca-file=@CA@ -o json
S     220 mx.test ESMTP
C     EHLO *
S     250-mx.test
S     250-PIPELINING
S     250 STARTTLS
C     STARTTLS
S     220 2.0.0 go ahead
tls
sni   localhost
C     EHLO *
S     250-mx.test
S     250 PIPELINING
C     QUIT
S     221 2.0.0 bye
exit  0
json  state=OK
json  facts.tls_version=TLSv1.3
json  phases[*].name=starttls
json  phases[*].name=tls
json  phases[*].name=ehlo_2
json  facts.capabilities[*]=PIPELINING
json  facts.cert_subject=*mx.test*
