# What ends in .localhost is this machine, and no resolver is asked (RFC 6761 section 6.3).
skip tls: no certificate has such a name
run   check_mail_smtp -H mx.localhost -p @PORT@ -o json
S     220 mx.test ESMTP
C     EHLO *
S     250 mx.test
C     QUIT
S     221 2.0.0 bye
close
exit  0
json  target.host=mx.localhost
