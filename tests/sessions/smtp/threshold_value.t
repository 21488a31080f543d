# A value that is no phase: the round-trip time the kernel measured.
run   check_mail_smtp -H localhost -p @PORT@ -w tcp_rtt=@0:10
S     220 mx.test ESMTP
C     EHLO *
S     250 mx.test
C     QUIT
S     221 2.0.0 bye
exit  1
out   SMTP WARNING - *threshold: *
