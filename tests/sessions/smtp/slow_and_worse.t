# A refusal is worse than being slow.
run   check_mail_smtp -H localhost -p @PORT@ -w 0.1
delay 300
S     554 5.3.2 no
C     QUIT
S     221 2.0.0 bye
exit  2
out   SMTP CRITICAL - banner: rejected: *
