# What is expected may stand in a later line of the greeting.
run   check_mail_smtp -H localhost -p @PORT@ --expect=unsolicited
S     220-mx.test ESMTP
S     220 No unsolicited mail
C     EHLO *
S     250 mx.test
C     QUIT
S     221 2.0.0 bye
exit  0
