# A reply that is not 220, however friendly.
run   check_mail_smtp -H localhost -p @PORT@ --tls=starttls
S     220 mx.test ESMTP
C     EHLO *
S     250-mx.test
S     250 STARTTLS
C     STARTTLS
S     250 ok
may   QUIT
exit  2
out   SMTP CRITICAL - starttls: starttls_refused: "250 ok"*
