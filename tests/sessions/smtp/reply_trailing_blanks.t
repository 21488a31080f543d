# Blanks behind the code and behind the text.
run   check_mail_smtp -H localhost -p @PORT@
S+    220    mx.test   \r\n
C     EHLO *
S+    250-mx.test\t\r\n250   HELP   \r\n
C     QUIT
S     221 2.0.0 bye
exit  0
