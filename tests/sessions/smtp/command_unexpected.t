# Another reply than the one asked for: a warning, as check_smtp has it.
run   check_mail_smtp -H localhost -p @PORT@ -C "VRFY postmaster" -R 250
S     220 mx.test ESMTP
C     EHLO *
S     250 mx.test
C     VRFY postmaster
S     252 2.0.0 maybe
C     QUIT
S     221 2.0.0 bye
exit  1
out   SMTP WARNING - command: unexpected: "252 2.0.0 maybe"*
