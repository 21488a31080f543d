# An end without close_notify inside a reply is a cut.
run   check_mail_smtp -H localhost -p @PORT@ --tls=implicit --ca-file=@CA@
tls   no-notify
S     220 mx.test
C     EHLO *
S+    250-mx.test\r\n250 HE
close
exit  2
out   SMTP CRITICAL - ehlo: closed: *
