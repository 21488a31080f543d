# A permanent refusal at this step is told with the words of the server.
run   check_mail_smtp -H localhost -p @PORT@
S     554 5.3.2 no mail here
C     QUIT
S     221 2.0.0 bye
exit  2
out   SMTP CRITICAL - banner: rejected: "554 5.3.2 no mail here"*
