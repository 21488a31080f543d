# A message, accepted: proper headers, and the queue id read from the reply.
run   check_mail_smtp -H localhost -p @PORT@ --send -f probe@mx.test --rcpt=sink@mx.test --subject=probing -o json
S     220 mx.test ESMTP
C     EHLO *
S     250-mx.test
S     250 PIPELINING
C     MAIL FROM:<probe@mx.test>
S     250 2.1.0 ok
C     RCPT TO:<sink@mx.test>
S     250 2.1.5 ok
C     DATA
S     354 go ahead
C~    .
had   Date: *, *
had   Message-ID: <*@*>
had   From: *probe@mx.test*
had   To: *sink@mx.test*
had   Subject: probing
had   Auto-Submitted: *
S     250 2.0.0 Ok: queued as 4ABC12345
C     QUIT
S     221 2.0.0 bye
exit  0
json  state=OK
json  facts.queue_id=4ABC12345
json  phases[*].name=data
json  phases[*].name=send
