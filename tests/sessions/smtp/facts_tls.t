# What is told of TLS.
run   check_mail_smtp -H localhost -p @PORT@ --tls=implicit --ca-file=@CA@ -o json
tls
S     220 mx.test ESMTP
C     EHLO *
S     250-mx.test
S     250 PIPELINING
C     QUIT
S     221 2.0.0 bye
exit  0
json  facts.tls_version=TLSv1.3
json  facts.tls_cipher=TLS_*
json  facts.tls_group=*
json  facts.cert_subject=*mx.test*
json  facts.cert_issuer=*Player CA*
json  facts.cert_not_after=20*
json  facts.cert_sent_not_after=20*
json  target.host=localhost
json  target.port=@PORT@
