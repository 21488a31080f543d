# A list of what is offered in clear, and the word that begins TLS: nothing may follow it but TLS.
run   check_mail_smtp -H localhost -p @PORT@ --until=starttls --tls=starttls --ca-file=@CA@
S     220 mx.test ESMTP
C     EHLO *
S     250-mx.test
S     250-PIPELINING
S     250 STARTTLS
C     STARTTLS
S     220 2.0.0 go ahead
eof
exit  0
