# The server hangs up on it.
run   check_mail_smtp -H localhost -p @PORT@ -C NOOP -R 250
S     220 mx.test ESMTP
C     EHLO *
S     250 mx.test
C     NOOP
close
exit  2
out   SMTP CRITICAL - command: closed: *
