# Valid UTF-8 is told as it is.
run   check_mail_smtp -H localhost -p @PORT@ -o json
S     220 mx.test Grüße aus Köln
C     EHLO *
S     250 mx.test
C     QUIT
S     221 2.0.0 bye
exit  0
json  facts.banner=*Grüße aus Köln*
