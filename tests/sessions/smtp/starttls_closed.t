# The connection ends where a reply is due.
run   check_mail_smtp -H localhost -p @PORT@ --tls=starttls --ca-file=@CA@
S     220 mx.test ESMTP
C     EHLO *
S     250-mx.test
S     250 STARTTLS
C     STARTTLS
close
exit  2
out   SMTP CRITICAL - starttls: closed: *
