# A server without EHLO has no STARTTLS.
run   check_mail_smtp -H localhost -p @PORT@ --tls=starttls
S     220 mx.test
C     EHLO *
S     502 5.5.1 no
C     HELO *
S     250 mx.test
C     QUIT
S     221 2.0.0 bye
exit  2
out   SMTP CRITICAL - starttls: starttls_missing: *
