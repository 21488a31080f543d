# A keyword is a whole word: SIZE is not in SIZELESS.
run   check_mail_smtp -H localhost -p @PORT@ --require=SIZE
S     220 mx.test ESMTP
C     EHLO *
S     250-mx.test
S     250-PIPELINING
S     250 SIZELESS
C     QUIT
S     221 2.0.0 bye
exit  2
out   SMTP CRITICAL - ehlo: capability_missing: *SIZE*
