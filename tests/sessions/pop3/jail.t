# -j: nothing that the server said is shown.
run   check_mail_pop3 -H localhost -p @PORT@ -j -v
S     -ERR sesame street
C     QUIT
S     +OK bye
exit  2
out   POP3 CRITICAL - banner: rejected*
not   *sesame*
