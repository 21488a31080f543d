# An expression that takes quadratic time meets a reply as long as a line may be.
run   check_mail_smtp -H localhost -p @PORT@ -C NOOP -R a.*b
S     220 mx.test ESMTP
C     EHLO *
S     250 mx.test
C     NOOP
S+    250 \x20
fill  65000 a
S+    \r\n
C     QUIT
S     221 2.0.0 bye
within 3
exit  1
out   SMTP WARNING - command: unexpected: *
