# Any reply but 220 to STARTTLS refuses it, the one before a shutdown too.
run   check_mail_smtp -H localhost -p @PORT@ --tls=starttls --ca-file=@CA@
S     220 mx.test ESMTP
C     EHLO *
S     250-mx.test
S     250 STARTTLS
C     STARTTLS
S     421 4.3.2 shutting down
close
exit  2
out   SMTP CRITICAL - starttls: starttls_refused: "421 4.3.2 shutting down"*
