# One is not.
run   check_mail_smtp -H localhost -p @PORT@ --require=PIPELINING,CHUNKING
S     220 mx.test ESMTP
C     EHLO *
S     250-mx.test
S     250-PIPELINING
S     250-SIZE 1000
S     250 HELP
C     QUIT
S     221 2.0.0 bye
exit  2
out   SMTP CRITICAL - ehlo: capability_missing: *CHUNKING*
