# Only the last list counts: what is offered before TLS is judged after it.
run   check_mail_smtp -H localhost -p @PORT@ --tls=starttls --ca-file=@CA@ --forbid=VRFY --require=AUTH
S     220 mx.test ESMTP
C     EHLO *
S     250-mx.test
S     250-STARTTLS
S     250 VRFY
C     STARTTLS
S     220 go ahead
tls
C     EHLO *
S     250-mx.test
S     250 AUTH PLAIN
C     QUIT
S     221 2.0.0 bye
exit  0
