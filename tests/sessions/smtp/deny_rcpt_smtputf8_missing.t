# Who cannot be asked about a recipient has not refused it (RFC 6531): nothing is tried.
run   check_mail_smtp -H localhost -p @PORT@ -f probe@mx.test --deny-rcpt=ü@other.test
S     220 mx.test ESMTP
C     EHLO *
S     250-mx.test
S     250 8BITMIME
C     QUIT
S     221 2.0.0 bye
exit  2
out   SMTP CRITICAL - mail: capability_missing: SMTPUTF8 is not offered*
