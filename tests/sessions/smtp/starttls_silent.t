# The server stops talking; the deadline ends it, and names the step.
run   check_mail_smtp -H localhost -p @PORT@ --tls=starttls --ca-file=@CA@ -t 1
S     220 mx.test ESMTP
C     EHLO *
S     250-mx.test
S     250 STARTTLS
C     STARTTLS
silent
within 1.2
exit  2
out   SMTP CRITICAL - starttls: timeout: *
