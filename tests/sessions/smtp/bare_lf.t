# Lines that end in a bare LF are tolerated.
run   check_mail_smtp -H localhost -p @PORT@
S+    220 mx.test ESMTP\n
C     EHLO *
S+    250-mx.test\n250-PIPELINING\n250 HELP\n
C     QUIT
S+    221 bye\n
exit  0
out   SMTP OK - *
