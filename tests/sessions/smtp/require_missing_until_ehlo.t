# Stopping early is no reason not to look at what has been heard.
run   check_mail_smtp -H localhost -p @PORT@ --tls=starttls --ca-file=@CA@ --until=ehlo --require=NOSUCH
S     220 mx.test ESMTP
C     EHLO *
S     250-mx.test
S     250 STARTTLS
C     QUIT
S     221 2.0.0 bye
exit  2
out   SMTP CRITICAL - ehlo: capability_missing: NOSUCH *
