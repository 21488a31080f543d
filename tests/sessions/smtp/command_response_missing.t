# A command without an expectation is said, and its reply taken.
run   check_mail_smtp -H localhost -p @PORT@ -C "VRFY a" -R 252 -C NOOP
S     220 mx.test ESMTP
C     EHLO *
S     250 mx.test
C     VRFY a
S     252 2.0.0 maybe
C     NOOP
S     250 2.0.0 ok
C     QUIT
S     221 2.0.0 bye
exit  0
