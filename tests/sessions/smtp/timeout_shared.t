# The deadline is one for all steps: three of them may not have it each.
run   check_mail_smtp -H localhost -p @PORT@ -t 1
delay 400
S     220 mx.test
C     EHLO *
delay 400
S     250 mx.test
C     QUIT
delay 400
S     221 bye
within 1.2
exit  0
