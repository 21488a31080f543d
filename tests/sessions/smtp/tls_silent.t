# No answer to the ClientHello.
run   check_mail_smtp -H localhost -p @PORT@ --tls=starttls -t 1
S     220 mx.test ESMTP
C     EHLO *
S     250-mx.test
S     250-PIPELINING
S     250 STARTTLS
C     STARTTLS
S     220 2.0.0 go ahead
silent
within 1.2
exit  2
out   SMTP CRITICAL - tls: timeout: *
