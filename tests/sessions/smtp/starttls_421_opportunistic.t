# It leaves: there is nobody to go on with in clear.
run   check_mail_smtp -H localhost -p @PORT@ --tls=opportunistic -f probe@mx.test --rcpt=sink@mx.test
S     220 mx.test ESMTP
C     EHLO *
S     250-mx.test
S     250 STARTTLS
C     STARTTLS
S     421 4.3.2 shutting down
eof
exit  2
out   SMTP CRITICAL - starttls: tempfail: "421 4.3.2 shutting down"*
