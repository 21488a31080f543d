# STARTTLS still on the list after TLS is an oddity, nothing more.
run   check_mail_smtp -H localhost -p @PORT@ --tls=starttls --ca-file=@CA@
S     220 mx.test ESMTP
C     EHLO *
S     250-mx.test
S     250-PIPELINING
S     250 STARTTLS
C     STARTTLS
S     220 2.0.0 go ahead
tls
C     EHLO *
S     250-mx.test
S     250 STARTTLS
C     QUIT
S     221 2.0.0 bye
exit  0
