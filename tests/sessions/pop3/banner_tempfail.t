# The greeting is a refusal.
run   check_mail_pop3 -H localhost -p @PORT@
S     -ERR [SYS/TEMP] come back later
C     QUIT
S     +OK bye
exit  2
out   POP3 CRITICAL - banner: tempfail: "-ERR [SYS/TEMP] come back later"*
