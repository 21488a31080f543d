# A server that says 220 to STARTTLS and goes on in clear.
run   check_mail_smtp -H localhost -p @PORT@ --tls=starttls
S     220 mx.test ESMTP
C     EHLO *
S     250-mx.test
S     250-PIPELINING
S     250 STARTTLS
C     STARTTLS
S     220 2.0.0 go ahead
client-hello
S     500 5.5.2 unrecognized command
close
exit  2
out   SMTP CRITICAL - tls: tls_error: *
