# An address that is not ASCII, and a server that does not take such: nothing is tried (RFC 6531).
run   check_mail_smtp -H localhost -p @PORT@ -f probe@mx.test --rcpt=jürgen@mx.test
S     220 mx.test ESMTP
C     EHLO *
S     250-mx.test
S     250 8BITMIME
C     QUIT
S     221 2.0.0 bye
close
exit  2
out   SMTP CRITICAL - mail: capability_missing: SMTPUTF8 is not offered*
