# The connection ends in the middle of a reply: what came so far is no reply.
run   check_mail_smtp -H localhost -p @PORT@
S     220 mx.test ESMTP
C     EHLO *
S+    250-half\r\n250 ha
close
exit  2
out   SMTP CRITICAL - ehlo: closed: *
