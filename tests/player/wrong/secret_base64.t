# says: the secret is in standard output, in base64
run   check_mail_smtp -H localhost -p @PORT@
S     554 {base64 xxmailprobes and more}
C     QUIT
S     221 bye
exit  2
secret mailprobes
