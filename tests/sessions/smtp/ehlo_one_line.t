# No extension at all.
run   check_mail_smtp -H localhost -p @PORT@ -o json
S     220 mx.test
C     EHLO *
S     250 mx.test
C     QUIT
S     221 2.0.0 bye
exit  0
json  facts.capabilities=[0]
