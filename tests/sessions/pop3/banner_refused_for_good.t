# The greeting is a refusal.
run   check_mail_pop3 -H localhost -p @PORT@
S     -ERR [SYS/PERM] come back later
C     QUIT
S     +OK bye
exit  2
out   POP3 CRITICAL - banner: rejected: "-ERR [SYS/PERM] come back later"*
