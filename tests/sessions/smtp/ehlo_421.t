# The server shuts down at this step: a temporary failure, and nothing more is asked of it.
run   check_mail_smtp -H localhost -p @PORT@
S     220 mx.test ESMTP
C     EHLO *
S     421 4.3.2 shutting down
close
exit  2
out   SMTP CRITICAL - ehlo: tempfail: "421 4.3.2 shutting down"*
