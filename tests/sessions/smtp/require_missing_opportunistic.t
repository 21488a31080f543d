# Without TLS the first list is the last, and what is missing is missing there.
run   check_mail_smtp -H localhost -p @PORT@ --tls=opportunistic --require=NOSUCH
S     220 mx.test ESMTP
C     EHLO *
S     250-mx.test
S     250 STARTTLS
C     STARTTLS
S     454 4.7.0 TLS not available
C     QUIT
S     221 2.0.0 bye
exit  2
out   SMTP CRITICAL - ehlo: capability_missing: NOSUCH *
