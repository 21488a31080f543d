# The connection comes from where it is told to.
run   check_mail_imap -H 127.0.0.1 -p @PORT@ --source-address=127.0.0.2
from  127.0.0.2
S     * OK [CAPABILITY IMAP4rev1] ready
C     a1 LOGOUT
S     * BYE bye
S     a1 OK done
exit  0
out   IMAP OK - *
