# An address needs no resolver, and neither does this machine's own name.
run   check_mail_smtp -H localhost -p @PORT@ --resolver=127.0.0.1@1 --dnssec-anchor=@CA@
S     220 mx.test ESMTP
C     EHLO *
S     250 mx.test
C     QUIT
S     221 bye
exit  0
out   SMTP OK - *
