# Extensions that nobody has heard of, with parameters that nobody can read.
run   check_mail_smtp -H localhost -p @PORT@ -o json
S     220 mx.test ESMTP
C     EHLO *
S     250-mx.test
S     250-X-FROBNICATE=yes;please  with   blanks
S     250-XTWO
S     250-
S     250-PIPELINING
S     250 HELP
C     QUIT
S     221 2.0.0 bye
exit  0
json  state=OK
json  facts.capabilities[*]=PIPELINING
json  facts.capabilities[*]=*FROBNICATE*
