# The server shuts down at this step: a temporary failure, and nothing more is asked of it.
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
S     421 4.3.2 shutting down
close
exit  2
out   SMTP CRITICAL - ehlo_2: tempfail: "421 4.3.2 shutting down"*
