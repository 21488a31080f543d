# The greeting's code is none for EHLO.
run   check_mail_smtp -H localhost -p @PORT@
S     220 mx.test ESMTP
C     EHLO *
S     220 mx.test ESMTP
exit  2
out   SMTP CRITICAL - ehlo: protocol: *
