# 554 means that there is no SMTP service here: no HELO after it.
run   check_mail_smtp -H localhost -p @PORT@
S     220 mx.test
C     EHLO *
S     554 5.3.2 no service
C     QUIT
S     221 2.0.0 bye
exit  2
out   SMTP CRITICAL - ehlo: rejected: "554 5.3.2 no service"*
