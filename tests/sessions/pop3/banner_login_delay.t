# The greeting is a refusal.
run   check_mail_pop3 -H localhost -p @PORT@
S     -ERR [LOGIN-DELAY] come back later
C     QUIT
S     +OK bye
exit  1
out   POP3 WARNING - banner: tempfail: "-ERR [LOGIN-DELAY] come back later"*
