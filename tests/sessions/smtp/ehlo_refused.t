# A permanent refusal at this step is told with the words of the server.
run   check_mail_smtp -H localhost -p @PORT@
S     220 mx.test ESMTP
C     EHLO *
S     521 5.3.2 this host takes no mail
C     QUIT
S     221 2.0.0 bye
exit  2
out   SMTP CRITICAL - ehlo: rejected: "521 5.3.2 this host takes no mail"*
