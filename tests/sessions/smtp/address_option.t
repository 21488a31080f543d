# -I is where to connect, -H whom to ask for.
run   check_mail_smtp -H nowhere.test -I 127.0.0.1 -p @PORT@ -o json
skip  tls: the certificate has another name
at    127.0.0.1
S     220 mx.test ESMTP
C     EHLO *
S     250 mx.test
C     QUIT
S     221 2.0.0 bye
exit  0
json  target.host=nowhere.test
json  target.address=127.0.0.1
json  target.port=@PORT@
