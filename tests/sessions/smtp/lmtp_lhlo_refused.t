# There is no HELO to fall back to.
run   check_mail_smtp -H localhost -p @PORT@ -L
S     220 mx.test ESMTP
C     LHLO *
S     500 5.5.1 unknown command
C     QUIT
S     221 2.0.0 bye
exit  2
out   LMTP CRITICAL - ehlo: rejected: "500 5.5.1 unknown command"*
