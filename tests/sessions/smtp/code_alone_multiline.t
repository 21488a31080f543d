# A continuation line may be bare as well.
run   check_mail_smtp -H localhost -p @PORT@
S     220-
S     220
C     EHLO *
S     250-
S     250-
S     250
C     QUIT
S     221 2.0.0 bye
exit  0
out   SMTP OK - *
