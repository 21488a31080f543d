# The server stops talking; the deadline ends it, and names the step.
run   check_mail_smtp -H localhost -p @PORT@ -t 1
S     220 mx.test ESMTP
C     EHLO *
S     502 5.5.1 not here
C     HELO *
silent
within 1.2
exit  2
out   SMTP CRITICAL - helo: timeout: *
