# Keyword lines with trailing blanks and tabs behind the code.
run   check_mail_smtp -H localhost -p @PORT@ --require=PIPELINING
S     220 mx.test
C     EHLO *
S+    250-mx.test \r\n250-PIPELINING  \r\n250 HELP \r\n
C     QUIT
S     221 2.0.0 bye
exit  0
out   SMTP OK - *
