# Capabilities have no letter case.
run   check_mail_imap -H localhost -p @PORT@ --require=idle,IMAP4REV1
S     * ok
C     a1 CAPABILITY
S     * capability imap4rev1 Idle
S     a1 ok done
C     a2 LOGOUT
S     * BYE bye
S     a2 OK done
exit  0
out   IMAP OK - *
