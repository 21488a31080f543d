# A command of the user's, and what its reply has to be.
run   check_mail_smtp -H localhost -p @PORT@ -C NOOP -R 250
S     220 mx.test ESMTP
C     EHLO *
S     250 mx.test
C     NOOP
S     250 2.0.0 ok
C     QUIT
S     221 2.0.0 bye
exit  0
