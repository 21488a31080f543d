# -R is a regular expression, as check_smtp has it.
run   check_mail_smtp -H localhost -p @PORT@ -C NOOP -R "^2[0-9]{2} .*ok$"
S     220 mx.test ESMTP
C     EHLO *
S     250 mx.test
C     NOOP
S     250 2.0.0 ok
C     QUIT
S     221 2.0.0 bye
exit  0
