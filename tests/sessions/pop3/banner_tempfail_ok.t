# A temporary refusal that shall alarm nobody.
run   check_mail_pop3 -H localhost -p @PORT@ --tempfail=ok
S     -ERR [SYS/TEMP] later
C     QUIT
S     +OK bye
exit  0
out   POP3 OK - *
