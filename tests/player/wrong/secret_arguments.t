# says: the secret is in the command line that others see
run   check_mail_smtp -H localhost -p @PORT@ -F mailprobes.test
S     220 mx.test
C     EHLO *
S     250 mx.test
C     QUIT
S     221 bye
exit  0
secret mailprobes.test
