# And what is gone after it is missing.
run   check_mail_smtp -H localhost -p @PORT@ --tls=starttls --ca-file=@CA@ --require=PIPELINING
S     220 mx.test ESMTP
C     EHLO *
S     250-mx.test
S     250-STARTTLS
S     250 PIPELINING
C     STARTTLS
S     220 go ahead
tls
C     EHLO *
S     250-mx.test
S     250 SIZE
C     QUIT
S     221 2.0.0 bye
exit  2
out   SMTP CRITICAL - ehlo_2: capability_missing: *PIPELINING*
