# --until stops politely after the phase.
run   check_mail_smtp -H localhost -p @PORT@ --until=banner -f probe@mx.test --rcpt=sink@mx.test
S     220 mx.test
C     QUIT
S     221 2.0.0 bye
exit  0
