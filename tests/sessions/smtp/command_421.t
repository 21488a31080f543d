# The server leaves in the middle of the user's commands: the others are not said.
run   check_mail_smtp -H localhost -p @PORT@ -C NOOP -C "HELP me"
S     220 mx.test ESMTP
C     EHLO *
S     250 mx.test
C     NOOP
S     421 4.3.2 shutting down
eof
exit  2
out   SMTP CRITICAL - command: tempfail: "421 4.3.2 shutting down"*
