# The suite that is asked for is the one that is used.
run   check_mail_smtp -H localhost -p @PORT@ --tls=implicit --ca-file=@CA@ --tls-max=1.2 --ciphers=ECDHE-ECDSA-CHACHA20-POLY1305 -o json
tls
S     220 mx.test ESMTP
C     EHLO *
S     250 mx.test
C     QUIT
S     221 2.0.0 bye
exit  0
json  facts.tls_cipher=ECDHE-ECDSA-CHACHA20-POLY1305
json  facts.tls_version=TLSv1.2
