# The connection is reset where a reply is due.
run   check_mail_smtp -H localhost -p @PORT@
S     220 mx.test ESMTP
C     EHLO *
reset
exit  2
out   SMTP CRITICAL - ehlo: closed: *
