# says: the secret is in standard output
run   check_mail_smtp -H localhost -p @PORT@
S     554 not for mailprobes
C     QUIT
S     221 bye
exit  2
secret mailprobes
