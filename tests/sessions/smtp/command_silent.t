# It says nothing.
run   check_mail_smtp -H localhost -p @PORT@ -C NOOP -R 250 -t 1
S     220 mx.test ESMTP
C     EHLO *
S     250 mx.test
C     NOOP
silent
within 1.2
exit  2
out   SMTP CRITICAL - command: timeout: *
