# A permanent refusal at this step is told with the words of the server.
run   check_mail_smtp -H localhost -p @PORT@
S     220 mx.test ESMTP
C     EHLO *
S     502 5.5.1 not here
C     HELO *
S     550 5.7.1 not you
C     QUIT
S     221 2.0.0 bye
exit  2
out   SMTP CRITICAL - helo: rejected: "550 5.7.1 not you"*
