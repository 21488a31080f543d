# Which labels there are depends on the options, not on the outcome: what did not run is U.
run   check_mail_smtp -H localhost -p @PORT@ -w 1 -c 5 -t 10 -f probe@mx.test --rcpt=sink@mx.test
S     554 5.3.2 no
C     QUIT
S     221 2.0.0 bye
exit  2
out   * | *time=*;1;5;0;10*
out   *time_mail=U*
out   *time_rcpt=U*
